"""Selection rounds: criteria fixed before the deadline, assessed, ranked, decided for all applicants at once."""
