cat > array.json <<'END'
[
  {"prompt": "one"},
  {"prompt": "an ATTACK ] } ,"}, "three",
  {"prompt": 4}
]
END
alkfw array.json
printf '{"prompt":"a"} {"prompt":"b"}' | alkfw -i json -o text
