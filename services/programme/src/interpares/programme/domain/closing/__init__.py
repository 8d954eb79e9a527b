"""The chapter on the end of a programme: what is closed, and what goes on."""
