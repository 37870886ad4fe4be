"""What every part of the hub's /v2 shares: who asks, what came in the body, errors, pages of a list."""
