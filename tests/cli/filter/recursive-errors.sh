# What cannot be read is an error, and the rest is still scanned.
mkdir -p tree/a
echo ok >tree/z.txt
mkfifo tree/a/.alkfwignore
alkfw -r tree no-such-folder
echo "status $?"
alkfw -r --include='[' tree
echo "status $?"
alkfw --include='*.txt' tree
echo "status $?"
