"""The chapter on money: the grant, what is spent of it, and what participants bring themselves."""
