# Each broken row has its own message and an error verdict; the rows around it are scanned.
printf '%s\n' '{"prompt":"first"}' '{"prompt":"ATTACK' '{"other":1}' '{"prompt":5}' \
    '{"prompt":{"a":"b"}}' '{"prompt":"x","prompt":"y"}' '["prompt"' '{"prompt":"\ud800"}' 'null' > rows.jsonl
printf '{"prompt":"\377"}\n{"prompt":"last"}' >> rows.jsonl
alkfw rows.jsonl
