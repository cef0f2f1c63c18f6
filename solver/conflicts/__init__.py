"""Which rules cannot hold together, all minimal sets of them, the facts that show it, and ways out."""
