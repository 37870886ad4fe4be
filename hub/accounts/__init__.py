"""People of the practice hub: Docker IDs, passwords, and the code sent by e-mail."""
