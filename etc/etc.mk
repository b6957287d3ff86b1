# Default configuration, default codebook, and the schema of the verdicts.
dist_alkfwconf_DATA += etc/alkfw.yaml
dist_alkfwdata_DATA += etc/alkfw-verdict-1.schema.json
dist_alkfwdata_DATA += etc/default.codebook etc/default-int8.codebook

# Recipes, to be copied and changed.
EXTRA_DIST += \
	.pre-commit-hooks.yaml \
	etc/ci/github-workflow.yml \
	etc/ci/gitlab-ci.yml \
	etc/cron/alkfw-audit.service \
	etc/cron/alkfw-audit.timer \
	etc/cron/alkfw.cron \
	etc/cron/app.logrotate

# The link that configure makes in a build tree; built in place, etc/ is the folder itself.
distclean-local:
	test ! -L etc || rm -f etc
