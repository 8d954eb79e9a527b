"""Use cases: load, act, save. Each takes one command and returns what was decided."""
