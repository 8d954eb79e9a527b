"""Seats at a meeting: who may take one, who waits, by which rules. People are ids."""
