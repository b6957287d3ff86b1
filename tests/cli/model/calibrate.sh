# Operating points from text without labels: afterwards as many of it alarm as was wanted.
export ALKFW_CONFIG=
book=$SRCDIR/etc/default.codebook
python3 - "$SRCDIR" <<'END'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1] + "/corpus/written_k.jsonl", encoding="utf-8")]
with open("own.jsonl", "w", encoding="utf-8") as file:
    for row in [row for row in rows if row["label"] == 0][:240]:
        file.write(json.dumps({"prompt": row["text"]}) + "\n")
open("five.txt", "w").write("a\nb\nc\nd\ne\n")
END
alkfw-codebook calibrate --offline -m "$ALKFW_MODEL" --benign=own.jsonl -o own.codebook "$book" |
    awk '/^strict/ { print "strict", (($4 > 0.03 && $4 <= 0.05) ? "is met" : $4) }
         /^quiet/ { print "quiet", $NF }'
alkfw-codebook verify --offline -m "$ALKFW_MODEL" own.codebook >/dev/null && echo "the canaries hold"
alkfw -k own.codebook -s strict -q own.jsonl
echo "status $?"
for file in five.txt none.txt; do
    alkfw-codebook calibrate --offline -m "$ALKFW_MODEL" --benign=$file -o no.codebook "$book"
    echo "status $?"
done
alkfw-codebook calibrate -o no.codebook "$book"
echo "status $?"
ls no.codebook 2>/dev/null
