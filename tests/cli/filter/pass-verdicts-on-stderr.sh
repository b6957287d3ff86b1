printf 'one\nATTACK\nUNSCORABLE\n' | alkfw --pass
