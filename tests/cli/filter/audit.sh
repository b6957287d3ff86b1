# etc/cron/alkfw-audit screens each rotated log once, and again when it could not be read.
mkdir logs state
export AUDIT_DIRECTORY=logs AUDIT_NAMES='app.log-????????' AUDIT_STATE=state
export AUDIT_MATCH='user="(?<prompt>[^"]*)"'
audit() {
    "$SRCDIR/etc/cron/alkfw-audit" | sed 's/ .*//'
}
night() {
    echo "--- $1"
    sleep 0.02
}
audit_status() {
    "$SRCDIR/etc/cron/alkfw-audit" > /dev/null 2> errors
    echo "status $?"
}
echo 'user="an ATTACK"' > logs/app.log
night 'nothing is rotated'
audit
night 'the first log'
mv logs/app.log logs/app.log-20261123
audit
night 'nothing new'
audit_status
night 'a log that fails'
printf 'user="UNSCORABLE"\n' > logs/app.log
mv logs/app.log logs/app.log-20261124
audit_status
night 'it is screened again'
audit_status
night 'a setting is missing'
unset AUDIT_MATCH
audit_status
grep -c AUDIT_MATCH errors
