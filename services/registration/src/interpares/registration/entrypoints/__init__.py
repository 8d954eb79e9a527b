"""The doors of the service: HTTP, what it hears from other services, what it tells them. They translate, no more."""
