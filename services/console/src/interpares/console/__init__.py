"""Command line, demo story and development issuer. Owns nothing, decides nothing."""
