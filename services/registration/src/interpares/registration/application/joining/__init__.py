"""Use cases about who acts for an organisation, from when to when, and who comes after them."""
