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
"${PYTHON:-python3}" - "$SRCDIR" > hook <<'END'
import pathlib, sys, yaml
root = pathlib.Path(sys.argv[1])
for file in (root / "etc/ci").glob("*.yml"):
    assert isinstance(yaml.safe_load(file.read_text()), dict), file
hook, = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text())
assert hook["id"] and hook["name"] and hook["language"] == "system"
print(*hook["entry"].split(), *hook["args"], sep="\n")
END
printf '%s\n' fine 'an ATTACK' > ./--pass
set --
while read -r word; do
    set -- "$@" "$word"
done < hook
"$@" --pass > found
status=$?
grep -q -e '^--pass:2' found && test "$status" -eq 1 || echo "the hook: $status: $(cat found)"
