"""Imported by a worker while it waits for work: what search needs is loaded, and the compiler has started."""

from shardwright.solver.search import anneal as anneal
from shardwright.solver.search.cache import is_compiled
from shardwright.solver.search.kernels import choice

if is_compiled():
    choice.seed(0)  # any kernel will do; a search seeds anew
