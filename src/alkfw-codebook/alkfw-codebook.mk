# alkfw-codebook: build, evaluate, inspect, verify a codebook.
