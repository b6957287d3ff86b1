printf 'match: "it'"'"'s (.*)"\nsignals: [override, spoof]\n' > one.yaml
alkfw --no-config -c one.yaml --threshold=0.7 --print-config > two.yaml
grep -e '^match' -e '^signals' -e '^threshold' -e '^#review' two.yaml
# What it prints is a configuration that says the same.
alkfw --no-config -c two.yaml --print-config | diff two.yaml -
