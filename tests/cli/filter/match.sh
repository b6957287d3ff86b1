cat > app.log <<'END'
10:00 user_message="hello" ok
10:01 heartbeat
10:02 user_message="an ATTACK" ok
END
alkfw --match='user_message="(?<prompt>[^"]*)"' app.log --summary 2> totals
sed 's/ in .*//' totals
alkfw --match='message="([^"]*)"' -o text app.log
alkfw --match='ATTACK' -o text app.log
