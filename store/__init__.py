"""What lasts: versions, executions, audit. Nothing is stored yet."""
