"""Lower bounds that need no solver: what no placement goes below, each with a proof that is quick to see."""

from shardwright.solver.bounds.levels import Proof, best_bound, ideal, lower_bounds, prove

__all__ = ["Proof", "best_bound", "ideal", "lower_bounds", "prove"]
