# Configuration: the YAML schema and its precedence.
