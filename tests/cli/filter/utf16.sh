# UTF-16 cannot be scored as it is: an error that says what to do, never a pass.
printf '\377\376h\0i\0\n\0A\0T\0T\0A\0C\0K\0\n\0' > little.txt
printf '\376\377\0h\0i\0\n' > big.txt
cp little.txt little.md
cp little.txt little.csv
cp little.txt little.jsonl
cp little.txt little.json
alkfw -o text little.txt big.txt little.md little.csv little.jsonl little.json
echo "$?"
alkfw --pass --verdicts=/dev/null < little.txt
echo "$?"
iconv -f UTF-16 -t UTF-8 little.txt | alkfw -o text
echo "$?"
printf '\377' | alkfw -o text
