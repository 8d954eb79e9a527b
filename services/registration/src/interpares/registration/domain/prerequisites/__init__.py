"""What an organisation has to show before an exchange, each fact with evidence, validity, and who confirmed it."""
