"""The file for cloud-init is the same script that goes over ssh."""

import yaml

from menuvo_ops.machines.cloud_init import cloud_config
from menuvo_ops.machines.script import Given, script

KEY = "ssh-ed25519 AAAA me@laptop"


def test_it_holds_exactly_what_setup_sends() -> None:
    made = cloud_config([KEY], "03:15")
    assert made.startswith("#cloud-config\n")
    said = yaml.safe_load(made)
    (file,) = said["write_files"]
    assert file["content"] == script("mend", given=Given([KEY], "03:15"))
    assert file["permissions"] == "0700"
    assert said["runcmd"] == [["sh", file["path"]]]


def test_it_fits_into_what_servers_are_given() -> None:
    """32 KiB is the least of the hosters that take it as plain text."""
    assert len(cloud_config([KEY]).encode()) < 32 * 1024
