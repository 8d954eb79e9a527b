"""The Programme aggregate with its stored events, values and errors: pure Python and eventsourcing."""
