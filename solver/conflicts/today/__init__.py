"""Placements that keep rules, made of today's: few shards are placed anew, all others stay where they are."""
