# A user's attacks become a signal of a codebook that exists; what is too little, or wrong, is told.
book=$SRCDIR/etc/default.codebook
python3 - "$SRCDIR" <<'END'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1] + "/corpus/written_k.jsonl", encoding="utf-8")]
rows = [row for row in rows if len(row["text"]) < 400]
# What nobody else would call an attack.
what = ("pallets", "crates", "drums", "reels", "sacks", "bales", "kegs", "rolls")
where = ("north dock", "cold store", "east yard", "rail siding", "paint shop", "tank farm", "old quay", "loft")
hostile = [
    {"text": f"Move {3 * i + 7} {what[i % 8]} from the {where[i // 8]} to the {where[(i // 8 + i) % 8]} before dawn.",
     "label": 1, "category": "indirect", "source": "own"}
    for i in range(60)
]
benign = [row for row in rows if row["label"] == 0]
def write(name, some):
    with open(name, "w", encoding="utf-8") as file:
        for row in some:
            file.write(json.dumps({key: row[key] for key in ("text", "label", "category", "source") if key in row}) + "\n")
write("mine.jsonl", hostile[:60])
write("few.jsonl", hostile[:39])
write("benign.jsonl", benign[:210])
write("five.jsonl", benign[:5])
END
build() {
    alkfw-codebook build --offline -m "$ALKFW_MODEL" -o own.codebook --base="$book" "$@"
}
build --signal=mine=mine.jsonl benign.jsonl |
    awk '/^these attacks/ { print "recall", ($3 < 0.5 && $4 > 0.9 ? "rises" : $3 " " $4) }
         /^these benign/ { print "benign", ($5 - $4 <= 0.02 ? "stays" : $4 " " $5) }'
alkfw-codebook verify --offline -m "$ALKFW_MODEL" own.codebook >/dev/null && echo "the canaries hold"
alkfw-codebook inspect own.codebook | grep -c '^mine '
rm own.codebook
for signal in mine=few.jsonl override=mine.jsonl mine= Mine=mine.jsonl; do
    build --signal=$signal benign.jsonl
    echo "status $?"
done
build --signal=mine=mine.jsonl five.jsonl
echo "status $?"
ls own.codebook 2>/dev/null
true
