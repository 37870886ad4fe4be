"""Commands of the mailbox."""
