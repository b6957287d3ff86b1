echo ATTACK > ./-dash
alkfw -o text -- -dash
echo fine | alkfw -o text ./-dash -
