"""Conflicts that can be seen by counting and adding up, at any size and without a solver."""
