# Ten thousand brackets do not exhaust the stack.
awk 'BEGIN { for (i = 0; i < 10000; i++) printf "["; printf "\n{\"prompt\":\"after\"}\n" }' | alkfw -j -o text
