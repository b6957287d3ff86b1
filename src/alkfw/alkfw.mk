# alkfw: the filter.
