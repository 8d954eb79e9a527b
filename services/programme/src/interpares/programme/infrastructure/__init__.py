"""Migrations of the programme service."""
