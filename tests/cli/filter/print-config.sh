printf 'match: "it'"'"'s (.*)"\nsignals: [override, spoof]\n' > one.yaml
alkfw --no-config -c one.yaml --threshold=0.7 --print-config > two.yaml
grep -e '^match' -e '^signals' -e '^threshold' -e '^#review' two.yaml
# What it prints is a configuration that says the same.
alkfw --no-config -c two.yaml --print-config | diff two.yaml -
# Whatever the value is, and nothing of it reaches a terminal as it is.
try() {
    alkfw --no-config "$1" --print-config > one.yaml
    grep -e '^id' -e '^match' one.yaml
    alkfw --no-config -c one.yaml --print-config | diff one.yaml -
}
for value in @x - -x , "'" '"\' '# x' 'a: b'; do
    try "--id=$value"
done
try "--match=$(printf 'a\nb"\134\134\033.31m\342\200\256')"
