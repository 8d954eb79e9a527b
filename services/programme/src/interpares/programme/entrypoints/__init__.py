"""Doors of the programme service: HTTP, subscriptions, publications."""
