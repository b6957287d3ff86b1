# The folder's real path and the name are what a log is known by; any bytes will do.
mkdir folder
ln -s folder link
name=$(printf 'folder/a %% "\303\251\377\nlog')
echo one > "$name"
alkfw --state=state -o text "$name" | od -An -c | head -n 3
echo two >> "$name"
(cd link && alkfw --state=../state -o text "${name#folder/}" | grep -c .)
echo three >> "$name"
mv "$name" "$name.1"
echo four > "$name"
alkfw --state=state --only=pass -o text "$(printf 'link/a %% "\303\251\377\nlog')" | grep -c .
sed 's/.*folder/"folder/; s/","device.*//; /"folder/!d' state | sort -u
# A link to the log of the day.
echo one > day.1
ln -s day.1 current
alkfw --state=state -o text current
echo two > day.2
echo 'last' >> day.1
ln -sf day.2 current
alkfw --state=state -o text current
