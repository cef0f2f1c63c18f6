"""Where store and logic meet: policies from a store, and what is checked before they change."""
