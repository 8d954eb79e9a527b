"""The development issuer: gives tokens for the contexts of a demo. It is no identity provider and refuses to be one."""
