"""The product against the slow reference, on random small cases."""
