# Manual pages.
dist_man_MANS += \
	man/alkfw-codebook.1 \
	man/alkfw-codebook.5 \
	man/alkfw-threats.7 \
	man/alkfw.1 \
	man/alkfw.yaml.5
