# A writer that leaves in the middle of a record: the text is scanned, broken records are errors.
mkfifo in
for format in lines null whole jsonl json csv; do
    case $format in
    jsonl) head='{"text":"one"}
{"text":"an AT' ;;
    json) head='[{"text":"one"},{"text":"an AT' ;;
    csv) head='text
one
"an AT' ;;
    null | whole | lines) head='an ATTACK' ;;
    esac
    printf %s "$head" > in &
    alkfw -o text -i "$format" in 2> messages
    echo "status $?: $(cat messages)"
    wait $!
done
