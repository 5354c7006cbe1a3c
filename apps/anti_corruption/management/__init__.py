"""Commands of integrity."""
