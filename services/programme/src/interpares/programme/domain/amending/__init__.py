"""Amending the rules of a running programme: a decision, with the earlier decisions it touches."""
