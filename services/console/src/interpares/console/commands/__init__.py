"""The commands of ``interpares``, one module each."""
