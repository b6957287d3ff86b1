# Codebook: file format, splines, scores.
