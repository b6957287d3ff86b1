# A state that cannot be used is never begun anew in silence, and nothing is scanned.
echo 'one' > log
alkfw -q --state=good log
bad() {
    alkfw --state=state log
    echo "$1: status $?, $(cmp -s state before && echo 'the file is as it was')"
}
try() {
    cat > state
    cp state before
    bad "$1"
}
try empty < /dev/null
try text < log
sed 's,alkfw-state/1,alkfw-state/2,' good | try 'another version'
head -c 290 good | try 'cut off'
echo '{"format":"alkfw-baseline/1","files":[]}' | try 'another file'
echo '{"format":"alkfw-state/1"}' | try 'no files'
sed 's/"offset":[0-9]*/"offset":-1/' good | try 'below 0'
sed 's/"offset":[0-9]*/"offset":1.5/' good | try 'no whole number'
sed 's/"offset":[0-9]*/"offset":99999999999999999999/' good | try 'over 64 bits'
sed 's/"head":"../"head":"xy/' good | try 'no digest'
sed 's/"name":"[^"]*"/"name":"a%00"/' good | try 'a NUL in a name'
sed 's/"offset"/"offset":1,"offset"/' good | try 'a member twice'
sed 's/"lines"/"line"/' good | try 'an unknown member'
mkdir folder
alkfw --state=folder log
echo $?
alkfw --state=missing/state log
echo $?
