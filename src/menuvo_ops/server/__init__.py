"""The command on a server: the standard library alone, Python 3.10."""
