"""Adapters of the programme service: what it heard from others, and its migrations."""
