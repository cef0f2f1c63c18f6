"""From a minimal set of rules to the reason that numbers show, one file for each kind of reason."""
