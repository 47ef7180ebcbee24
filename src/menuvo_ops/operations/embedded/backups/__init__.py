"""Backups of the stack that runs as processes of this machine, and restores from them."""
