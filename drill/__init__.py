"""The restore drill: what the operations guide says about backup and restore, done on real servers."""
