"""The recovery file: all that a server knows and no bucket has, kept where the server is not."""
