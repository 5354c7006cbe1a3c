"""Evidence packs: everything behind one figure of a year in a ZIP file, for whoever verifies the report."""
