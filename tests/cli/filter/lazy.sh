export FAKE_FIREWALL_TRACE=1
alkfw --help | head -n 1
alkfw --version
alkfw --no-such-option
alkfw missing.txt
echo '{"prompt":1}' | alkfw -j --only=none
echo text | alkfw -q
