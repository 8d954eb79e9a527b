"""The schema of registration's own tables, beside the one every service has."""
