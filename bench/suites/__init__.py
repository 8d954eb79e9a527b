"""One module per group of figures; each has ``parts`` (how often it advances) and ``measure``."""
