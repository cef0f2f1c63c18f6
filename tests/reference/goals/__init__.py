"""One file for each goal of docs/semantics.md: what a placement costs."""
