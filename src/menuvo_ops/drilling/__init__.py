"""What a restore would mean today, tried out where nothing is touched, and remembered."""
