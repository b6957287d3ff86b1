# A line against which an expression does not end is an error, soon, and the next line is read.
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "("; print ""; print "(ATTACK)" }' > brackets
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "a"; print "!"; print "ATTACK" }' > letters
try() {
    timeout 100 alkfw --match="$1" -o text "$2" 2> /dev/null | sed 's/on this line: .*/.../'
}
try '^(?:(\w+)\s?)*$|ATTACK' letters
try '(.*)*\d|(ATTACK)' letters
try '(\((?:[^()]|(?1))*\))' brackets | grep -v ':1:' # decided by the JIT only
echo '--- one that needs much room is no error: a quoted string with escapes, of 1 MB'
awk 'BEGIN {
    printf "user=\""
    for (i = 0; i < 260000; i++) printf "ab\\n"
    print "ATTACK\" ok"
}' > long
for text in '(?:[^"\\]|\\.)*' '([^"\\]|\\.)*' '(?:[^"\\]+|\\.)*'; do
    alkfw --match="user=\"(?<prompt>$text)\"" -o text long
done
