# Default configuration.
