printf 'fine\nDOUBTFUL\nATTACK\nUNSCORABLE\n' > all.txt
alkfw -o text --only=alarm,error all.txt
alkfw -o text --only=none all.txt
alkfw -o text --only=review all.txt
