# A line is a record; CRLF and a byte-order mark are not text, and the last line needs no newline.
printf '\357\273\277hello\nan ATTACK\r\n\nlast' | alkfw
