"""Remarks on policies alone, one file for each kind."""
