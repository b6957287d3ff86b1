# Manual pages.
dist_man_MANS += \
	man/alkfw-codebook.1 \
	man/alkfw.1 \
	man/alkfw.yaml.5
