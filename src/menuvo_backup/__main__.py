from menuvo_backup.cli import run

run()
