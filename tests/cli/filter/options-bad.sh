try() {
    alkfw "$@" < /dev/null
    echo $?
}
try --treshold=1
try -x
try -f
try --threshold
try --threshold=2
try --threshold=high
try --input=xml
try --only=alarm,oops
try --max-bytes=0
try --threads=x
try --pass=1
try --files0-from=list file
