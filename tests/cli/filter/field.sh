cat > rows.jsonl <<'END'
{"data":{"text":"one ATTACK"},"turns":[{"user":"a"},{"user":"ATTACK"},{"other":1}],"a.b":"dotted"}
END
alkfw -f data.text rows.jsonl -o text
alkfw -f 'turns[].user' rows.jsonl -o text
alkfw -f 'turns[0].user' rows.jsonl -o text
alkfw -f 'a\.b' rows.jsonl -o text
alkfw -f 'turns[].none' rows.jsonl -o text
