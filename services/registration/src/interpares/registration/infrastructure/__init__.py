"""Adapters to PostgreSQL: the service's own tables behind the ports of the application."""
