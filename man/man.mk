# Manual pages.
dist_man_MANS += \
	man/alkfw.1 \
	man/alkfw.yaml.5
