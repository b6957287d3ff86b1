# --help and the manual name the same options.
alkfw --help | grep -o -e '^  -[a-zA-Z0-9]' -e '^ *\(-., \)*--[a-z0-9-]*' | grep -o -e '--*[a-zA-Z0-9-]*$' -e '-[a-zA-Z0-9],' |
    tr -d ,  | sort -u > help
grep '^\.It Fl' "$SRCDIR/man/alkfw.1" | grep -o 'Fl -*[a-zA-Z0-9-]*' | sed 's/Fl /-/' | sort -u > manual
diff help manual && echo same
