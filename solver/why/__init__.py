"""Why: what is for and against every node, from the requirements' tables and a placement, in arrays."""
