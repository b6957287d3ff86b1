# 2 > 1 > 3 > 0, whatever the order.
status() {
    printf '%b' "$1" | alkfw -q
    echo $?
}
status 'fine\n'
status 'fine\nDOUBTFUL\n'
status 'DOUBTFUL\nATTACK\nfine\n'
status 'UNSCORABLE\nATTACK\nDOUBTFUL\n'
printf 'ATTACK\n' | alkfw -q --exit-code=0
echo $?
printf 'ATTACK\n' | alkfw -q --exit-code=7
echo $?
printf 'ATTACK\nUNSCORABLE\n' | alkfw -q --exit-code=0
echo $?
