"""The same items for a server that does not exist yet, as a file that cloud-init runs."""

from collections.abc import Sequence
from textwrap import indent

from menuvo_ops.machines.script import Given, script

_PLACE = "/var/lib/menuvo/setup.sh"
_FILE = """\
#cloud-config
# Made by `menuvo server cloud-init`. On its first start the server mends itself with the script
# below, whose lines are also found in /var/log/cloud-init-output.log.
write_files:
  - path: {place}
    owner: root:root
    permissions: "0700"
    content: |
{content}
runcmd:
  - [sh, {place}]
"""


def cloud_config(keys: Sequence[str], reboot_at: str | None = None) -> str:
    """There is no login before the doors are shut that could be lost, so nothing is proved."""
    content = script("mend", given=Given(keys, reboot_at))
    return _FILE.format(place=_PLACE, content=indent(content, " " * 6).rstrip("\n"))
