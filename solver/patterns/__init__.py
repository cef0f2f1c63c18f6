"""What can be said about policies without a cluster: axes of values, boxes over them, and what fits."""
