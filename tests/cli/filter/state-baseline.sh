# --write-baseline with --state, which reads a part: what the baseline has already stays. As both it
# tells each finding once.
audit() {
    echo "--- $*"
    alkfw --state=state --only=alarm,error -o text "$@" app.log
    echo "status $?"
    sed 's/.*"fingerprint"://; 1d; $d' known.json
}
echo 'an ATTACK' > app.log
audit --write-baseline=known.json
echo 'an ATTACK' >> app.log
echo 'a new ATTACK' >> app.log
audit --baseline=known.json --write-baseline=known.json
echo 'a new ATTACK' >> app.log
audit --baseline=known.json --write-baseline=known.json
audit --write-baseline=known.json
echo '--- from two files'
cp known.json first.json
echo 'a third ATTACK' >> app.log
rm known.json
audit --baseline=first.json --write-baseline=known.json
echo '--- not after an error, and not over what is none'
mv app.log app.log.1
gzip app.log.1
echo 'a fourth ATTACK' > app.log
audit --baseline=known.json --write-baseline=known.json
echo 'no baseline' > known.json
echo 'a fifth ATTACK' >> app.log
audit --write-baseline=known.json
rm known.json
alkfw --state=state --only=alarm -o text app.log
alkfw --follow --write-baseline=known.json app.log
echo "status $?"
ls
