# Who says where in a record the text is has JSON.
printf '{"id":1,"prompt":"ATTACK"}\n' > rows
alkfw --field=prompt -o text < rows
alkfw --id=id -o text < rows
alkfw -o text < rows
alkfw -i lines --id=id -o text < rows
