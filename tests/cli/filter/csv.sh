printf 'id,prompt\r\n1,"a ""quoted"", b"\r\n2,"two\nlines ATTACK"\r\n\r\n3,last' > rows.csv
alkfw rows.csv --id=id
