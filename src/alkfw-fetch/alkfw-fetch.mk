# alkfw-fetch: the only program that touches the network.
