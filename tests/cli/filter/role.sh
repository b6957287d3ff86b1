# Only messages of the roles that were asked for; what has no role is always read.
cat >chat.jsonl <<'END'
{"messages":[{"role":"system","content":"ATTACK s"},{"role":"user","content":"hello"},{"role":"tool","content":[{"type":"text","text":"t ATTACK"}]}]}
{"messages":[{"role":"assistant","content":"ATTACK"}]}
{"messages":[{"content":"ATTACK without a role"},"ATTACK bare"]}
{"text":"plain"}
END
fields() { sed 's/.*"record":\([0-9]*\).*"field":"\([^"]*\)","verdict":"\([a-z]*\)".*/\1 \2 \3/'; }
alkfw --role=user chat.jsonl | fields
echo "user and tool"
alkfw --role=user,tool chat.jsonl | fields
echo "with a path"
alkfw --role=system --field='messages[].content' chat.jsonl | fields
echo "rows that are copied"
alkfw --role=user --pass --verdicts=/dev/null chat.jsonl
