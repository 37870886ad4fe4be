"""A report in the formats people and machines read, a file each."""
