"""What every Interpares service shares: technical parts only, no business noun outside ``contracts``."""
