"""`menuvo down`: containers and networks go, volumes stay unless they are to be deleted."""

import shutil

from menuvo_ops.commands import compose
from menuvo_ops.containers.client import Client
from menuvo_ops.terminal import talk


def down(client: Client, *, delete_data: bool = False) -> None:
    with talk.status("Stopping"):
        client.compose(compose.remove(client.project, volumes=delete_data), what="Stopping")
    client.production.forget()
    talk.print("Stopped.")
    if delete_data:
        shutil.rmtree(client.production.deployment.directory, ignore_errors=True)
        talk.print("Deleted the demo's data. The next ./menuvo up --engine compose makes it new.")
