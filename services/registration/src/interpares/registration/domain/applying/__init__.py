"""Applying: what is asked, drafts that are signed, who is eligible, how applicants are ranked."""
