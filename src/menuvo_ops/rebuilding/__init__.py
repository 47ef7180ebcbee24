"""An empty server becomes the production again: the first deploy, with a backup in its database."""
