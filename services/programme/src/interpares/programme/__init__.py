"""The programme service: decides on every exchange and keeps the why of each decision."""
