"""The slow, obvious reading of docs/semantics.md: plain Python that knows nothing of the product."""
