"""Rounds of signing: opened, overseen, closed."""
