# Rules of the configuration: what fits one does not alarm, and the verdict says why.
mkdir -p docs/guide
printf '%s\n' fine 'an ATTACK' DOUBTFUL > docs/guide/attacks.txt
printf '%s\n' '{"id":"a-1","prompt":"an ATTACK"}' '{"id":2,"prompt":"an ATTACK"}' \
    '{"id":3,"prompt":"other ATTACK"}' > data.jsonl
cat > rules.yaml << END
allow:
  - reason: "quoted in \x1b our guide"
    expires: 9999-12-31
    source: docs/
  - {reason: a test case, expires: 9999-12-31, id: a-1, signal: [novelty, override]}
  - {reason: one text, expires: 9999-12-31, sha256: $(printf 'other ATTACK' | sha256sum | cut -c -64)}
  - {reason: "no\x07 longer", expires: 2001-02-28, id: 2}
END
alkfw -o text --id=id -c rules.yaml --summary docs/guide/attacks.txt data.jsonl 2> messages
echo "$?"
sed 's/ scored in .*//' messages
alkfw -c rules.yaml docs/guide/attacks.txt 2> messages | sed -n 2,3p
alkfw -c rules.yaml -o sarif docs/guide/attacks.txt 2> messages |
    "${PYTHON:-python3}" "$SRCDIR/tests/cli/check-sarif"
echo '--- not for good: a rule ends, a baseline does not'
alkfw -q -c rules.yaml --write-baseline=b.json --id=id docs/guide/attacks.txt data.jsonl 2> messages
cat b.json
echo '--- from what is printed, and from the environment'
alkfw -c rules.yaml --print-config > printed.yaml
alkfw --no-config -c printed.yaml -q docs/guide/attacks.txt 2> messages
echo "$?"
ALKFW_ALLOW='[{"reason":"r","expires":"9999-12-31","id":"2"}]' alkfw --id=id -o text data.jsonl
echo '--- a later file replaces the rules of an earlier one'
echo 'allow: []' > none.yaml
ALKFW_CONFIG=rules.yaml alkfw -q -c none.yaml docs/guide/attacks.txt
echo "$?"
echo 'allow: [{reason: r, expires: 9999-12-31, source: "["}]' > bad.yaml
alkfw -q -c bad.yaml data.jsonl
echo "$?"
