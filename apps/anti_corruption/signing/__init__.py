"""A person's own statements: read, signed, corrected, declined."""
