# --olddir: rotation moves the log to another folder. Each line is scanned once, and what is not there
# is told.
run() {
    echo "--- $*"
    alkfw --state=state --olddir=../old -o text logs/app.log
    echo "status $?"
}
mkdir logs
echo 'first' > logs/app.log
run 'the folder is not there yet'
mkdir old
echo 'before the rotation' >> logs/app.log
mv logs/app.log old/app.log.1
echo 'after it' > logs/app.log
run 'renamed'
mv old/app.log.1 old/app.log.2
mv logs/app.log old/app.log.1
echo 'never looked at' > logs/app.log
cp logs/app.log old/app.log-20261124
mv old/app.log-20261124 old/app.log.0
echo 'the present one' > logs/app.log
run 'copied, as to another device'
echo 'the last before a name that is no rotation' >> logs/app.log
mv logs/app.log old/by-hand
echo 'the next' > logs/app.log
run 'under any name, by device and inode'
mv logs/app.log old/app.log-20261124
gzip old/app.log-20261124
echo 'and one more' > logs/app.log
run 'compressed there'
rm -r old
: > logs/app.log
echo 'written anew' > logs/app.log
run 'gone'
echo '--- without the option it is told'
mkdir old
mv logs/app.log old/app.log.1
echo 'newest' > logs/app.log
alkfw --state=state -o text logs/app.log
echo "status $?"
echo '--- a real logrotate'
rm -r old logs state
mkdir logs
chmod 700 . logs
printf '%s {\n size 1\n rotate 3\n create\n createolddir 700\n olddir ../old\n}\n' "$PWD/logs/app.log" > config
chmod 600 config
rotate() {
    if command -v logrotate > /dev/null; then
        logrotate -s rotated config
    else
        mkdir -p old
        test ! -e old/app.log.1 || mv old/app.log.1 old/app.log.2
        mv logs/app.log old/app.log.1
        : > logs/app.log
    fi
}
for line in one two three four; do
    echo "$line ATTACK" >> logs/app.log
    test "$line" = one || test "$line" = four || rotate
    alkfw --state=state --olddir=../old --only=alarm -o text logs/app.log
done
alkfw --olddir=old logs/app.log
echo "status $?"
