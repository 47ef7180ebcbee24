"""What runs beside PostgreSQL: a dump every night, kept here and in a bucket."""
