for path in a..b 'a[' 'a[x]' 'a[]b' '.' ''; do
    alkfw -f "$path" < /dev/null
    echo $?
done
