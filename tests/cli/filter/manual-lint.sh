command -v mandoc > /dev/null || exit 0
for page in "$SRCDIR"/man/*.[0-9]; do
    # That a manual refers to is not installed yet is no fault of it.
    mandoc -T lint "$page" 2> /dev/null | grep -v 'referenced manual not found'
    # What is not listed is not installed.
    grep -q "man/${page##*/}" "$SRCDIR/man/man.mk" "$SRCDIR/src/alkfw-fetch/alkfw-fetch.mk" ||
        echo "$page is in no makefile"
done
true
