"""Tests of policies: stories that state a cluster and what must hold. For authors: docs/testing.md."""
