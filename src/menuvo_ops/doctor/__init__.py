"""What is wrong with what runs, and the command that mends it."""
