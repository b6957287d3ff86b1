# More texts in one row than are scored together; order is kept.
awk 'BEGIN { printf "{\"messages\":["; for (i = 0; i < 500; i++) printf "%s{\"content\":\"%d %s\"}", i ? "," : "", i, i == 321 ? "ATTACK" : "" ; print "]}" }' > row.jsonl
alkfw row.jsonl --only=alarm -o text
alkfw row.jsonl -o text | wc -l
