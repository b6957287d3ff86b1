printf 'id,prompt\n1,a,b\n2,"x"y\n3,fine\n4,x"y\n5,not a row of its own\n6,x"y\n7,ATTACK\n' | alkfw -i csv -o text
printf 'id,prompt\n1,ATTACK\n2,"never closed\n3,x\n' | alkfw -i csv
printf 'id,body\n1,a\n' | alkfw -i csv -o text
printf 'id,body\n1,a\n' | alkfw -i csv -o text -f body --id=nr
printf '"id,prompt\n1,a\n' | alkfw -i csv -o text
