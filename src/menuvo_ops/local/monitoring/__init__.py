"""Gatus and Beszel beside the platform without containers: only where somebody wants them, and
never in its way."""
