"""The backups of a deployment, as the host asks for them: the service's program does the work."""
