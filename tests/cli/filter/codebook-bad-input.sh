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
test ! -e out.codebook && echo nothing left
