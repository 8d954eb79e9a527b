"""What the pipe reaches, measured against the limits of its parts in the same run."""
