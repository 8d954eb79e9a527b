"""Pairs: two participants work together because both want to, or because the office brings them together."""
