"""Organisations, people, memberships and applications with their stored events: pure Python and eventsourcing."""
