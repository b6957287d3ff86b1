echo one > one.txt
alkfw one.txt >&-
echo $?
alkfw <&-
echo $?
