# A baseline that cannot be used is an error, and one is written only after a run without errors.
echo 'an ATTACK' > prompts.txt
try() {
    alkfw -o text "$@" prompts.txt
    echo "$?"
}
try --baseline=missing.json
echo nonsense > not.json
try --baseline=not.json
: > empty.json
try --baseline=empty.json
echo '{"schema":"alkfw-baseline/2","findings":[]}' > other.json
try --baseline=other.json
alkfw prompts.txt > verdict.json
try --baseline=verdict.json
mkfifo fifo
try --baseline=fifo
try --baseline=.
echo '--- not written'
echo old > kept.json
echo UNSCORABLE > error.txt
try --write-baseline=kept.json error.txt
try --write-baseline=kept.json missing.txt
try --write-baseline=prompts.txt
try --write-baseline=missing/b.json
mkdir folder
try --write-baseline=folder
try --write-baseline=fifo
try --write-baseline=kept.json --state=state
try --write-baseline=kept.json -F
cat kept.json prompts.txt
ls
