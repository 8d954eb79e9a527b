"""What happens to a decision after it was taken: told to others, objected to, corrected, superseded, revoked."""
