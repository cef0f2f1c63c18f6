"""`python -m shardwright` is the `shardwright` command."""

import sys

from shardwright.cli import main

sys.exit(main())
