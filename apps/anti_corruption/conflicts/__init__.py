"""Conflicts of interest: looked at and decided."""
