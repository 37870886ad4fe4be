"""The practice Docker Hub: accounts, mailbox, repositories and the token service."""
