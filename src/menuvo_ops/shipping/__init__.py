"""How a release gets to a server: packed into one file, shipped in its image or over ssh."""
