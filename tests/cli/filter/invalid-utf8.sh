printf 'caf\351 \377\376 ATTACK \355\240\200\n' | alkfw --show-text
