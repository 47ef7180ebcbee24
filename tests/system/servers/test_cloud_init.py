"""The file for cloud-init, run by cloud-init, leaves what setup leaves."""

import subprocess
import sys
from pathlib import Path

import pytest

from menuvo_ops.machines.items import ITEMS
from tests.system.bed.fixtures import SECONDS
from tests.system.servers.machine import Machine

TOOL = Path(sys.executable).parent / "menuvo"
pytestmark = pytest.mark.timeout(SECONDS)


def test_a_server_that_cloud_init_made_has_nothing_to_mend(machine: Machine) -> None:
    argv = [TOOL, "server", "cloud-init", "--key", machine.folder / "identity.pub"]
    made = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    seed = machine.root / "var/lib/cloud/seed/nocloud"
    seed.mkdir(parents=True)
    (seed / "user-data").write_text(made)
    (seed / "meta-data").write_text("instance-id: one\n")
    settings = machine.root / "etc/cloud/cloud.cfg.d/99-here.cfg"
    settings.parent.mkdir(parents=True)
    settings.write_text("datasource_list: [NoCloud]\nnetwork: {config: disabled}\n")
    machine.sh("apt-get -qq update; apt-get -qq --yes --no-install-recommends install cloud-init")
    told = machine.sh("cloud-init schema --config-file /var/lib/cloud/seed/nocloud/user-data")
    assert "Valid schema" in told
    # What it does in the four stages of a first start.
    for stage in ("init --local", "init", "modules --mode=config", "modules --mode=final"):
        machine.sh(f"cloud-init {stage}")
    # It makes the keys of each server anew.
    machine.introduce()
    assert machine.comes_in("deploy")
    assert not machine.comes_in("root")
    done = machine.menuvo("check", "deploy")
    assert done.code == 0, done.out + done.err
    assert done.names("ok") >= {item.name for item in ITEMS if item.phase != "brought"} - {"clock"}
    assert machine.menuvo("setup", "deploy").names("changed") == set()
