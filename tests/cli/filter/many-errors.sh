# A flood of messages is cut; every verdict is still there.
awk 'BEGIN { for (i = 0; i < 50; i++) print "{}" }' | alkfw -j | wc -l
