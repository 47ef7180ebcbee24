"""What a server does by itself, each hour and each night: lines in its user's crontab."""
