"""Personal data: what is held, why, for how long, and what becomes of a wish to have it erased."""
