"""The report of a year as one document of plain data: what is published, and what every file is made from."""
