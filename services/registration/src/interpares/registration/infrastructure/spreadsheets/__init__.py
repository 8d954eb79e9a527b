"""Organisations as tables: what the columns are, reading them from CSV and XLSX, writing them so that they survive."""
