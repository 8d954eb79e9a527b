"""Read models: one file per view, with its projector and its queries."""
