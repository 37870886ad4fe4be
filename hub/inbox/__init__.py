"""The practice mailbox: every e-mail that the hub sends lands here and nowhere else."""
