"""Filling the breakdown from a roster: one line for each employee is read, added up and forgotten."""
