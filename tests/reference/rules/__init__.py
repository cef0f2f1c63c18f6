"""One file for each rule of docs/semantics.md: what breaks it and by how much."""
