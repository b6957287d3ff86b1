# The recipes in etc/cron, with other folders: each line is screened once, wherever rotation has put
# it, and only alarms are printed.
mkdir logs state
here() {
    sed "s,/var/log/app,$PWD/logs,g; s,/var/lib/alkfw,$PWD/state,g; s,\${STATE_DIRECTORY},$PWD/state,g"
}
# What cron runs: behind the five fields of the time and the user, with the assignments before it.
here < "$SRCDIR/etc/cron/alkfw.cron" > cron
{
    sed -n "/^ALKFW_MODEL/d; s/^\(ALKFW_[A-Z]*=.*\)/export \1/p" cron
    sed -n 's/^[0-9]* [^ ]* [^ ]* [^ ]* [^ ]* alkfw //p' cron
} > job
# And systemd, which quotes as the shell does here.
here < "$SRCDIR/etc/cron/alkfw-audit.service" > service
{
    sed -n "s/^Environment='\(ALKFW_MATCH\)=\(.*\)'/export \1='\2'/p" service
    sed -n 's,^ExecStart=/usr/local/bin/,,p' service
} > unit
grep -c . job unit
say() {
    echo "user_message=\"$1\"" >> logs/app.log
}
audit() {
    echo "--- $2"
    sh "$1" 2>&1 | sed "s,$PWD/,,g"
}
say 'hello'
say 'an ATTACK in the morning'
audit job 'the first hour'
audit job 'nothing new'
say 'an ATTACK before midnight'
if command -v logrotate > /dev/null; then
    here < "$SRCDIR/etc/cron/app.logrotate" > template
    chmod 700 logs
    rotate() {
        sed "s/create .*/create/; s/daily/size 1/; s/dateext/&\n    dateformat -2026112$1/" template > logrotate
        chmod 600 logrotate
        logrotate -s rotated logrotate
    }
else
    rotate() {
        gzip -q logs/app.log-* 2> /dev/null
        mv logs/app.log "logs/app.log-2026112$1"
        : > logs/app.log
    }
fi
rotate 1
say 'an ATTACK after midnight'
audit job 'rotated'
say 'an ATTACK on another day'
rotate 2
say 'an ATTACK at last'
audit unit 'the unit goes on with the same state'
say 'an ATTACK that is compressed too early'
rotate 3
gzip logs/app.log-20261123
audit unit 'lost lines are told'
sh job
echo "status $?"
echo '--- another run is not over'
flock state/app.state.lock sh job 2> messages
echo "status $?"
sed "s,$PWD/,," messages
# The units themselves, with a program that is there.
if systemd-analyze --version > /dev/null 2>&1; then
    mkdir units
    cp "$SRCDIR/etc/cron/alkfw-audit.timer" units
    sed "s,/usr/local/bin/alkfw,$(command -v true)," "$SRCDIR/etc/cron/alkfw-audit.service" > units/alkfw-audit.service
    systemd-analyze verify --man=no units/alkfw-audit.timer units/alkfw-audit.service 2>&1 | grep -e alkfw-audit
fi
true
