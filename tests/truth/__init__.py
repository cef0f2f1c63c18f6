"""Reasons against brute force: what the product says of a case, and what looking at every placement finds."""
