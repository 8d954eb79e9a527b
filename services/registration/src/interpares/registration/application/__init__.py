"""What can be done in registration: one file per use case, each of them load, act, save."""
