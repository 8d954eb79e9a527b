"""What other services ask over NATS and get an answer to; nothing of it is kept or logged."""
