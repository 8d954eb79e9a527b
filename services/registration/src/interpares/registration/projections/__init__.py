"""Views over registration's own events, one file each: what an entry is, how it comes about, how it is asked for."""
