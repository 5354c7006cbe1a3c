"""Files that are made from the document of a year, and nothing else: no clock, no database."""
