# What cannot be read is told and makes the status 2; the files around it are scanned.
echo one > one.txt
echo ATTACK > two.txt
mkdir folder
: > empty.txt
printf 'x' > packed.gz
alkfw one.txt missing.txt folder empty.txt packed.gz two.txt
