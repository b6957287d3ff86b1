# What only the codebook knows is checked when it is read.
echo text | alkfw --signals=override,nonsense
echo $?
echo text | alkfw --review=0.5
echo $?
echo text | ALKFW_THRESHOLD=0.25 ALKFW_REVIEW=0.75 alkfw
echo $?
printf 'sensitivity: strict\nreview: 0.99\n' >my.yaml
echo text | alkfw --config=my.yaml
echo $?
echo text | alkfw --config=my.yaml --threshold=0.995 -q
echo $?
