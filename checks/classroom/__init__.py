"""A class: who is in it, what each of them did, and the grades that come of it."""
