"""Schools of a cohort, read from the files and lists that advisers keep."""
