# What only the codebook knows is checked when it is read.
echo text | alkfw --signals=override,nonsense
echo $?
