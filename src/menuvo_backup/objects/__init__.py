"""The platform's pictures and files: listed with each backup, and copied to a second bucket."""
