for text in '[' '[{"prompt":"a"}' '[{"prompt":"a"} {"prompt":"b"}]' '[,1]' '[{"prompt":"a"},]' '{"prompt":"a"' ']'; do
    printf '%s' "$text" | alkfw -i json -o text
    echo "$text: $?"
done
