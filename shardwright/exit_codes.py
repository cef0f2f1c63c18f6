"""What a command's exit code says to a script; the table stands in docs/cli.md."""

OK = 0
INTERNAL = 1
USAGE = 2
INVALID = 3
TESTS_FAILED = 4
CONFLICT = 5
LIMIT = 6
STORAGE = 7
ACCESS = 8

# As a shell reports a process that a signal ended: 128 + SIGINT, SIGPIPE, SIGTERM.
INTERRUPTED = 130
HUNG_UP = 141
TERMINATED = 143
