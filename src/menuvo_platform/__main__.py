from menuvo_platform.cli import run

run()
