"""What a change of policies means: normal forms that prove equality, and witnesses that show a difference."""
