# What a person reads: FILE:LINE:COLUMN as editors jump to, and a masked excerpt with the span marked.
text() { alkfw -o text "$@"; }
printf '%s\n' 'fine' 'Grüße 42, an ATTACK!' 'DOUBTFUL' 'UNSCORABLE' > prompts.txt
text prompts.txt 2>/dev/null
text --show-text --only=pass,alarm prompts.txt 2>/dev/null
echo '--- columns'
printf '\357\273\277one\n\n  zwei ü ATTACK\n' > page.md
text page.md
printf '\357\273\277ATTACK\r\n' | text
printf 'ü="ATTACK"\n' | text --match='="(.*)"'
printf 'a\0b ATTACK\0' | text -0
printf 'text\n"a\nATTACK"\n' | text -i csv
printf '{"text":"\\n ATTACK"}\n' | text -j
echo '--- hostile'
{
    printf 'a\033[2J \342\200\256b\302\205\363\240\201\201 [c] ATTACK "] \377'
    head -c 300 /dev/zero | tr '\0' '\200'
    echo
} > hostile
text hostile
text --show-text hostile
head -c 300 /dev/zero | tr '\0' '\200' > hostile
echo ATTACK >> hostile
text hostile | wc -c
echo '--- colour'
for settings in TERM=xterm TERM=dumb 'TERM=xterm NO_COLOR=1' 'TERM=xterm NO_COLOR='; do
    for when in auto always never; do
        printf '%s %s ' "$settings" $when
        # shellcheck disable=SC2086 # two words
        echo ATTACK | env $settings "$SRCDIR/tests/cli/terminal" '' sh -c \
            "echo ATTACK | alkfw -o text --color=$when" | tr '\033' '^' | tr -d '\r'
    done
done
TERM=xterm alkfw -o text prompts.txt 2>/dev/null | tr '\033' '^' | head -n 1
