"""Template filters of the figures."""
