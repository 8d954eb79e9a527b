"""What leaves the service, by chapter; ``publications`` puts it together."""
