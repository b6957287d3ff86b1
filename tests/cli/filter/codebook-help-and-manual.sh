# --help of alkfw-codebook and its manual name the same long options.
alkfw-codebook --help | grep -o -e '^ *\(-., \)*--[a-z-]*' | grep -o -e '--[a-z-]*' | sort -u > help
grep '^\.It Fl' "$SRCDIR/man/alkfw-codebook.1" | grep -o 'Fl -[a-z-]*' | sed 's/Fl /-/' | sort -u > manual
diff help manual && echo same
