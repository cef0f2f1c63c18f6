"""Answers for people: pure functions from a Result and its Cluster to something that rich prints."""
