# What the rows of a corpus lack is told before the model runs over them: it would take minutes.
row() { # LABEL SOURCE CATEGORY NUMBER
    echo "{\"text\":\"row $4 of $2\",\"label\":$1,\"source\":\"$2\",\"category\":\"$3\"}"
}
rows() { # HOSTILE: of each of four sources this many, and 30 benign ones
    for source in a b c d; do
        for i in $(seq 30); do row 0 $source prompt "$i"; done
        [ "$1" -eq 0 ] || for i in $(seq "$1"); do row 1 $source override "$i"; done
    done
}
try() {
    alkfw-codebook build -q -v --offline -m "$ALKFW_MODEL" -o out.codebook "$@" 2>messages
    echo $?
    grep -e '^alkfw-codebook: [^0-9]' messages | grep -v 'reading the corpus'
}
rows 0 > benign.jsonl
try benign.jsonl
rows 9 > few.jsonl
try --folds=3 few.jsonl
try --folds=3 --layers=auto few.jsonl
rows 10 > sources.jsonl
try sources.jsonl
try --folds=3 --components=120 sources.jsonl
ls
