"""`menuvo status`: how everything is, on one screen."""
