"""The factors that ship with the portal, as a readable file."""
