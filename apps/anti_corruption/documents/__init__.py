"""The texts: prepared, issued, read by everybody."""
