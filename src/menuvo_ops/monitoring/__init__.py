"""Beszel without a click: what it is to watch and whom it is to tell, as this tool wants it."""
