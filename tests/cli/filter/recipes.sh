# The recipes in etc/ use options that exist, and the hook and the YAML files can be read.
alkfw --help | grep -o -e '--[a-z][a-z0-9-]*' | sort -u > options
cd "$SRCDIR" || exit 1
grep -rho -e '--[a-z][a-z0-9-]*' etc/ci etc/cron .pre-commit-hooks.yaml | sort -u > "$OLDPWD/used"
cd "$OLDPWD" || exit 1
test -s used || echo 'no option is used'
comm -13 options used
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
