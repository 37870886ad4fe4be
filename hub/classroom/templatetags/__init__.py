"""What the class's templates can say."""
