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
test ! -e out.codebook && echo nothing left
