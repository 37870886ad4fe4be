"""What is on the practice hub: repositories, their tags, search, and the reading part of Docker Hub's /v2."""
