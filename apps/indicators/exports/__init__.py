"""Annual figures as files: flat rows for programs, and a workbook laid out as the report prints it."""
