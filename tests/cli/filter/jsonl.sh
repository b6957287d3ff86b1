cat > rows.jsonl <<'END'
{"id":"m-17","prompt":"hello"}

{"id":18446744073709551616,"text":"too large a number is no reason to leave a text unscanned"}
{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":null},{"role":"user","content":[{"type":"text","text":"an ATTACK"},{"type":"image_url","image_url":"x"}]}]}
{"content":[{"type":"text","text":"hi","content":"an ATTACK beside it"}]}
"a string alone"
{"input":"a\u0000ATTACK\u001b[2J"}
END
alkfw rows.jsonl --only=pass,alarm --id=id --show-text
