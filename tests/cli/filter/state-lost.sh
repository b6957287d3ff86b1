# What cannot be read any more is an error, once, and the run goes on.
run() {
    echo "--- $*"
    alkfw --state=state -o text app.log
    echo "status $?"
}
start() {
    rm -f app.* state
    echo "${1:-first}" > app.log
    alkfw --state=state -q app.log
}
start
mv app.log app.log.1
gzip app.log.1
echo 'second' > app.log
run 'compressed'
run 'it is told once'
start
echo 'written anew, and longer than before' > app.log
run 'emptied and written anew'
start 'a rather long first line'
echo 'short' > app.log
run 'emptied and shorter'
start
mv app.log app.log-20261121
echo 'second' > app.log-20261122
gzip app.log-20261122
echo 'third' > app.log-20261123
echo 'fourth' > app.log
run 'one between is compressed'
start
rm app.log
run 'nothing is there'
echo 'second' > app.log
run 'it is there again'
start
mv app.log app.log.1
: > app.log
run 'a quiet log is renamed'
echo 'second' > app.log
gzip app.log.1
mv app.log.1.gz app.log.2.gz
mv app.log app.log.1
: > app.log
run 'and compressed when the next one is renamed'
rm -f app.* state
: > app.log
echo 'before' | gzip > app.log.1.gz
alkfw --state=state -q app.log
echo 'second' > app.log
mv app.log.1.gz app.log.2.gz
gzip -c app.log > app.log.1.gz
: > app.log
run 'copied, compressed and emptied before it was ever read'
