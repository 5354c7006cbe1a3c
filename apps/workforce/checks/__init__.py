"""Checks of the workforce sections."""
