"""What the worker does by the clock; only one replica at a time, and safe to be done twice."""
