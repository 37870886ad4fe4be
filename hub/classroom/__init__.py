"""The class: who is in it, which account each one has, what each one did, and the board that shows it."""
