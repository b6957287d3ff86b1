# etc/alkfw.yaml has every key, commented out with its default.
unset ALKFW_MODEL ALKFW_CODEBOOK
alkfw --no-config -c "$SRCDIR/etc/alkfw.yaml" --print-config > with
alkfw --no-config --print-config > without
cmp with without
sed -n 's/^#\([a-z_]*:\)/\1/p' "$SRCDIR/etc/alkfw.yaml" > active.yaml
sed 's/^#\([a-z_]*:\).*/\1/; /^#/d; /^$/d; s/:.*//' without > keys
sed 's/:.*//' active.yaml | diff keys -
