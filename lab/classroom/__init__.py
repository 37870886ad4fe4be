"""A class from the teacher's command line: its list, its grading, its grades."""
