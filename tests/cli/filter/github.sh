# Annotations of a GitHub workflow; nothing of a record can forge a command.
printf '%s\n' fine 'ATTACK ::error::of the text' 'DOUBTFUL' 'UNSCORABLE' > prompts.txt
alkfw -o github prompts.txt
echo $?
printf '\357\273\277# a\n\n  ATTACK\n' > page.md
alkfw -o github --show-text page.md
echo 'ATTACK' | alkfw -o github
echo '--- hostile names'
hostile='a,line=7::b%0A
::set-output name=x::y
##[add-path]z'"$(printf '\033\342\200\256\377')"
echo ATTACK > "$hostile"
alkfw -o github "$hostile" "missing$hostile"
echo '--- hostile records'
printf '%s\n' '{"id":"1%0A\n::add-path::/x","a%0A,\n::b":7}' '{"id":2,"id":3}' |
    alkfw -o github --id=id --field='a%0A,
::b'
printf '%s\n' '{"id":"1%0A\n::add-path::/x","content":[{"text":"ATTACK"}]}' | alkfw -o github --id=id --field=content
echo '--- no model'
echo fine | alkfw -o github --precision=int8
