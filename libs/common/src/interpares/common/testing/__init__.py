"""Real PostgreSQL and NATS for demo and tests: started here, or given by URL."""
