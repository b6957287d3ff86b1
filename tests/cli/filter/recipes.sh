# The recipes in etc/ use options that exist, and the hook and the YAML files can be read.
alkfw --help | grep -o -e '--[a-z][a-z0-9-]*' | sort -u > options
cd "$SRCDIR" || exit 1
grep -rho -e '--[a-z][a-z0-9-]*' etc/ci etc/cron .pre-commit-hooks.yaml | sort -u > "$OLDPWD/used"
cd "$OLDPWD" || exit 1
test -s used || echo 'no option is used'
comm -13 options used

# What the jobs run, as they run it: new, with what is accepted, and with what cannot be read.
block() {
    awk -v begin="$1" '
        inside && /[^ ]/ && match($0, /[^ ]/) < indent { exit }
        inside { print substr($0, indent); next }
        begun && /[|]$/ { inside = 1; getline; indent = match($0, /[^ ]/); print substr($0, indent) }
        $0 ~ begin { begun = 1 }' "$2"
}
mkdir -p job/.alkfw/.local/bin job/prompts/old
ln -s "$(command -v alkfw)" job/.alkfw/.local/bin/alkfw
block 'name: Screen prompts' "$SRCDIR/etc/ci/github-workflow.yml" > github.sh
block '^  script:' "$SRCDIR/etc/ci/gitlab-ci.yml" > gitlab.sh
cd job || exit 1
job() {
    rm -f alkfw.jsonl
    case $1 in
    github) sh -e ../github.sh 2> totals ;; # as the runner does in a container
    gitlab) bash -eo pipefail ../gitlab.sh 2> totals ;;
    esac
    echo "$1: $?"
    sed 's/ scored in .*//' totals
    test ! -e alkfw.jsonl || sed 's/.*"source":"\([^"]*\)".*"verdict":"\([a-z]*\)".*/\1 \2/' alkfw.jsonl
}
echo '{"prompt":"an ATTACK"}' > prompts/a.jsonl
echo '{"prompt":"an older ATTACK"}' > prompts/old/b.jsonl
echo 'an ATTACK in notes' > prompts/notes.txt
job github
job gitlab
alkfw -qr --include='*.jsonl' --write-baseline=.alkfw-baseline.json prompts
echo '{"prompt":"fine"}' > prompts/a.jsonl
job github
job gitlab
echo 'old/' > prompts/.alkfwignore
rm .alkfw-baseline.json
job gitlab
rm -r prompts
job github
cd ..
"${PYTHON:-python3}" -c 'import yaml' 2> /dev/null || exit 0
"${PYTHON:-python3}" - "$SRCDIR" <<'END'
import pathlib, re, sys, yaml
root = pathlib.Path(sys.argv[1])
for file in (root / "etc/ci").glob("*.yml"):
    assert isinstance(yaml.safe_load(file.read_text()), dict), file
text = (root / ".pre-commit-hooks.yaml").read_text()
hook, = yaml.safe_load(text)
assert hook["id"] and hook["name"] and hook["language"] == "system"
with_baseline, = re.findall(r"^# .*args: (\[.*\])$", text, re.M)
for name, args in ("hook", hook["args"]), ("hook-with-baseline", yaml.safe_load(with_baseline)):
    pathlib.Path(name).write_text("\n".join([*hook["entry"].split(), *args]) + "\n")
END
# As pre-commit does: the words of the hook, then the files of the commit.
hook() {
    recipe=$1
    shift
    while read -r word; do
        set -- "$@" "$word"
    done < "$recipe"
    "$@" --pass prompts.txt > found
    status=$?
    if [ "$status" -ne "$wanted" ] || ! grep -c . found | grep -q -x "$lines"; then
        echo "$recipe: $status: $(cat found)"
    fi
}
printf '%s\n' fine 'an ATTACK' > ./--pass
printf '%s\n' 'an older ATTACK' > prompts.txt
wanted=1 lines=2 hook hook
alkfw -q --write-baseline=.alkfw-baseline.json -- --pass prompts.txt
wanted=0 lines=0 hook hook-with-baseline
echo 'a new ATTACK' >> prompts.txt
wanted=1 lines=1 hook hook-with-baseline
rm .alkfw-baseline.json
wanted=2 lines=0 hook hook-with-baseline
