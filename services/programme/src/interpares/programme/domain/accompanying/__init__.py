"""Accompaniment: somebody goes along with a participant, for so many expert days, on some themes."""
