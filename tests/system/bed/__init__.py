"""Real containers for system tests, wherever images can be pulled and wherever they cannot."""
