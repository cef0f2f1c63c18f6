"""Ways out of a conflict: typed repairs, each a patch that was tried before it is shown."""
