# The examples of the manual pages run, and end with the status that is kept beside this.
printf '%s\n' fine 'an ATTACK' > prompts.txt
printf '%s\n' '{"id":1,"prompt":"fine"}' '{"id":2,"prompt":"an ATTACK"}' > dataset.jsonl
printf '%s\n' 'user="fine"' 'user="an ATTACK"' > app.log
echo '<p>fine</p>' > page.html
mkdir prompts
echo 'an ATTACK' > prompts/quoted.txt
summarise() {
    echo "summary of $*"
}
commands() {
    sed -n 's/^\.Dl \$ //p' "$1" | sed 's/\\(dq/"/g'
}
for page in alkfw.1 alkfw-threats.7; do
    commands "$SRCDIR/man/$page" > commands
    while read -r command; do
        printf '%s\n' "--- $command"
        (eval "$command") < /dev/null > out
        printf '%s\n' "status $?"
        grep -v '^{"schema"' out
    done < commands
done
cat clean.txt
echo '--- alkfw.yaml.5'
sed -n '/^\.Bd/,/^\.Ed/p' "$SRCDIR/man/alkfw.yaml.5" | sed '/^\.[BE]d/d' > alkfw.yaml
alkfw --no-config -c alkfw.yaml --print-config | grep -e '^sensitivity:' -e '^only:' -e '^match:' -e '^offline:' -e '^allow:'
