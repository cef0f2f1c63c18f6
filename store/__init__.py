"""What lasts: versions of policies, executions, audit, snapshots. docs/store.md has the tables."""
