"""Personal access tokens: what signs in where a password would, and may do less than it."""
