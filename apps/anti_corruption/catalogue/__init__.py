"""Catalogue rows that ship with the portal."""
