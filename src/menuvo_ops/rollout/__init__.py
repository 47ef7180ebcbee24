"""Replaces the release that serves by another one. On the server: standard library alone."""
