"""What the service hears from others, a module for each chapter; ``subscriptions`` merges them."""
