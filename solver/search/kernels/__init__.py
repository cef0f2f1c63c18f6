"""Array kernels, compiled by numba: what a placement costs, what a move changes, and which moves to try."""
