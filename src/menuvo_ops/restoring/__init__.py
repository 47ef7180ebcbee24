"""A backup in the place of what serves: a plan of steps with ways back, as a deploy is."""
