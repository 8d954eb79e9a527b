"""What the service hears, by chapter; ``subscriptions`` puts it together."""
