# Default configuration, and the schema of the verdicts.
dist_alkfwconf_DATA += etc/alkfw.yaml
dist_alkfwdata_DATA += etc/alkfw-verdict-1.schema.json
dist_alkfwdata_DATA += etc/default.codebook
