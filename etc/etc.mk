# Default configuration, default codebook, and the schema of the verdicts.
dist_alkfwconf_DATA += etc/alkfw.yaml
dist_alkfwdata_DATA += etc/alkfw-verdict-1.schema.json
dist_alkfwdata_DATA += etc/default.codebook

# The link that configure makes in a build tree; built in place, etc/ is the folder itself.
distclean-local:
	test ! -L etc || rm -f etc
