"""One file for each type of action: its keys as rules and goals."""
