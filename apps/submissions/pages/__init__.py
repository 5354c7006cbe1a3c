"""What the entry page shows, worked out as plain strings, so that its templates have nothing left to decide."""
