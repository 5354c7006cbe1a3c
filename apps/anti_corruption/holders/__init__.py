"""Who holds which important position."""
