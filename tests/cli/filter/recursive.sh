# The files below a folder, in order of their names; what a .alkfwignore names is passed over, links
# and special files too.
mkdir -p tree/b/c tree/node/x tree/.hidden
echo hi >tree/1.txt
echo two >tree/b/2.md
echo three >tree/b/c/3.txt
echo four >tree/node/x/4.txt
echo kept >tree/b/keep.md
echo deep >tree/b/c/deep.txt
echo dot >tree/.hidden/f
printf '# no pattern\nnode/\n*.md\n!keep.md\r\n/b/c/3.txt\n' >tree/.alkfwignore
printf 'c/**/de*\n' >tree/b/.alkfwignore
mkfifo tree/pipe
ln -s 1.txt tree/link
sources() { sed 's/.*"source":"\([^"]*\)".*/\1/'; }
echo all
alkfw -r tree | sources
echo include
alkfw -r --include='*.md' --include=f tree | sources
echo exclude
alkfw -r --exclude=/b --exclude='.h*' tree | sources
echo "the folder it runs in"
cd tree/b && alkfw -r | sources
cd ../.. && echo "a file and a link are taken as they are"
alkfw -r tree/link tree/b/2.md | sources
echo "listed"
printf 'tree/b\0' | alkfw -r --files0-from=- | sources
