"""The directory of organisations: their facts, keys and names, what links them, and where they came from."""
