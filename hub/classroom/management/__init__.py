"""Commands of the class."""
