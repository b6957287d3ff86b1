for text in '[' '[{"prompt":"a"}' '[{"prompt":"a"} {"prompt":"b"}]' '[,1]' '[{"prompt":"a"},]' '{"prompt":"a"' ']'; do
    printf '%s' "$text" | alkfw -i json -o text
    echo "$text: $?"
done
# White space is pending until the value comes that it stands before.
{ printf '[{"prompt":"a"},'; head -c 90000 /dev/zero | tr '\0' '\n'; printf '{"prompt":"b"}]'; } |
    alkfw -i json -o text --max-bytes=20
echo $?
