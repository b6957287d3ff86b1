printf '%s\n' '{"id":{"a":1},"prompt":"one"}' '{"id":true,"prompt":"two"}' | alkfw -j --id=id
