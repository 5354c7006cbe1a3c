"""Concluded cases, kept by few."""
