"""Small random clusters and policies, from a seed or from hypothesis."""
