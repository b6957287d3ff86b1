echo ATTACK | alkfw -o text --color=always | od -c | head -n 4
