"""What can be found: the known images of the real Docker Hub, told of here, and what is really here."""
