"""The database as it was at a moment, recovered from the archive beside the one that serves."""
