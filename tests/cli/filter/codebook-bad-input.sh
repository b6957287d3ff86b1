# Each has a message of its own and status 2, and no codebook is left behind.
try() {
    alkfw-codebook "$@"
    echo $?
}
try
try frobnicate
try inspect missing.codebook
echo 'no codebook' > broken.codebook
try inspect broken.codebook
printf '{"id":1,"source":"s","label":0,"category":"prompt","text":"a"}\n{"label":\n' > broken.jsonl
try build -q -o out.codebook broken.jsonl
printf '{"id":1,"source":"s","label":0,"category":"prompt"}\n' > textless.jsonl
try build -q -o out.codebook textless.jsonl
printf '{"id":1,"source":"s","label":1,"category":"indirect","text":"abc","span":[2,9]}\n' > span.jsonl
try build -q -o out.codebook span.jsonl
# What would be found out at the end only.
try build -q -o '' textless.jsonl
try build -q -o missing/out.codebook textless.jsonl
try build -q -o out.codebook --signal=new=textless.jsonl textless.jsonl
# What is another command's would have no effect.
try eval --folds=5 a.codebook textless.jsonl
try verify -o out.codebook a.codebook
try build --json -o out.codebook textless.jsonl
try build --benign=textless.jsonl -o out.codebook textless.jsonl
try inspect -m . a.codebook
try features --name=a -o out.codebook textless.jsonl
try calibrate --json --benign=textless.jsonl -o out.codebook a.codebook
try report --long=2 -o out.html a.codebook textless.jsonl
for option in --adapter=a --taps=3:mean --features=a --folds=3 --precision=fp32; do
    try build --base=a.codebook --signal=new=textless.jsonl $option -o out.codebook textless.jsonl
done
try 'build --base' --base=a.codebook -o out.codebook textless.jsonl
try build --features=a --taps=3:mean -o out.codebook textless.jsonl
test ! -e out.codebook && echo nothing left
