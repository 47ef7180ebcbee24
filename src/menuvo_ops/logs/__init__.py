"""What services have said: read where it lies, put in the order of time, shown."""
