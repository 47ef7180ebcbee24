"""An empty server becomes one to deploy to and stays it; nobody is locked out on the way."""

from pathlib import Path

import pytest

from menuvo_ops.machines.items import ITEMS, SHUT, Item
from menuvo_ops.machines.script import Verb, script
from tests.menuvo_ops.environment.complete import write_env
from tests.menuvo_ops.shipping.sshd import make_key
from tests.menuvo_ops.waiting import eventually
from tests.system.bed.fixtures import SECONDS
from tests.system.servers.deviations import DEVIATIONS, script_of
from tests.system.servers.machine import SERVER, Done, Machine

SSHD_FILE = "/etc/ssh/sshd_config.d/00-menuvo.conf"
FOLLOWS_THE_DEPLOY = {"registry", "tool", "timers"}
pytestmark = pytest.mark.timeout(SECONDS)


def state_of(machine: Machine) -> str:
    """Everything that setup could have changed."""
    return machine.sh(
        "find /etc /home -type f ! -name '*-' -exec sha256sum {} + | sort -k2;"
        "find /etc /home -printf '%p %u %m\n' | sort;"
        "dpkg-query --show; systemctl list-unit-files;"
        "find /swapfile -printf '%s %m' || true"
    )


@pytest.fixture(scope="module")
def ready(machine: Machine) -> tuple[Machine, Done]:
    return machine, machine.menuvo("setup", "root")


@pytest.fixture
def server(ready: tuple[Machine, Done]) -> Machine:
    return ready[0]


def ask(machine: Machine, verb: Verb, *items: Item) -> Done:
    """On the server itself, which is quicker than by ssh."""
    return Done.of_server(machine.given(script(verb, items or ITEMS)))


def test_a_dry_run_names_what_is_missing_and_changes_nothing(machine: Machine) -> None:
    before = state_of(machine)
    done = machine.menuvo("setup", "root", "--dry-run")
    assert done.code == 0, done.err
    expected = {item.name for item in ITEMS} - FOLLOWS_THE_DEPLOY - {"system", "environment"}
    assert done.names("fail") == expected
    assert "Would be mended: programs, clock, memory" in done.err
    assert state_of(machine) == before


def test_doors_stay_open_when_the_new_login_does_not_work(machine: Machine) -> None:
    """Here because nobody has the private half of the key that was named."""
    make_key(machine.folder / "stranger")
    done = machine.menuvo("setup", "root", "--key", str(machine.folder / "stranger.pub"))
    assert done.code == 1
    assert "deploy@10.99.0.2 cannot come in" in done.err
    assert "its doors stay as they are" in done.err
    assert machine.comes_in("root")
    assert not (machine.root / SSHD_FILE.lstrip("/")).exists()
    assert "Status: active" not in machine.sh("ufw status", check=False)


def test_an_empty_server_becomes_ready(ready: tuple[Machine, Done]) -> None:
    machine, done = ready
    assert done.code == 0, done.out + done.err
    assert done.names("fail") == set()
    assert {"firewall", "sshd"} <= done.names("changed")
    assert "From now on it is deploy@10.99.0.2" in done.err
    assert machine.sh("ls /run/menuvo") == ""


def test_a_second_run_changes_nothing_and_says_so(server: Machine) -> None:
    before = state_of(server)
    done = server.menuvo("setup", "deploy")
    assert done.code == 0, done.out + done.err
    assert done.names("changed") == set()
    assert "Nothing had to be changed." in done.err
    assert state_of(server) == before


def test_a_check_finds_nothing(server: Machine) -> None:
    done = server.menuvo("check", "deploy")
    assert done.code == 0, done.out + done.err
    named = {one["name"] for one in done.findings}
    assert named == {item.name for item in ITEMS} | {"outside"}
    # No clock answers in this network, and nobody has brought an environment.
    assert done.names("warn") == {"clock", "environment"}
    assert done.names("skipped") == FOLLOWS_THE_DEPLOY


def test_deploy_comes_in_by_key_and_nobody_else_does(server: Machine) -> None:
    assert server.comes_in("deploy")
    assert not server.comes_in("root")
    options = ("-o", "PreferredAuthentications=none", "-o", "BatchMode=yes")
    known = ("-o", f"UserKnownHostsFile={server.folder / 'known_hosts'}")
    told = server.on_laptop("ssh", *options, *known, f"deploy@{SERVER}", "true")
    assert "Permission denied (publickey)." in told.err


@pytest.mark.parametrize("name", DEVIATIONS)
def test_what_was_done_by_hand_is_found_and_mended(server: Machine, name: str) -> None:
    item, deviate = script_of(name)
    server.sh(deviate)
    found = ask(server, "check")
    assert found.names("fail") == {item}, found.findings
    assert all(one["fix"] for one in found.findings if one["status"] == "fail")
    mended = ask(server, "mend", *(one for one in ITEMS if one.name == item))
    assert mended.names("changed") == {item}, mended.findings
    assert ask(server, "check").names("fail") == set()


def test_several_deviations_are_found_and_mended_by_the_commands(server: Machine) -> None:
    for name in ("the firewall is off", "root is let in", "swap was switched off"):
        server.sh(script_of(name)[1])
    found = server.menuvo("check", "deploy")
    assert found.code == 3
    assert found.names("fail") == {"firewall", "sshd", "swap"}
    assert "menuvo server setup deploy@10.99.0.2" in found.err
    mended = server.menuvo("setup", "deploy")
    assert mended.code == 0, mended.out + mended.err
    assert mended.names("changed") == {"firewall", "sshd", "swap"}
    assert server.menuvo("check", "deploy").code == 0


def test_what_was_shut_opens_by_itself_when_nobody_confirms_it(server: Machine) -> None:
    server.sh(f"ufw disable; rm {SSHD_FILE}; systemctl reload ssh")
    eventually(lambda: server.comes_in("root"))
    text = script("shut", SHUT).replace("PATIENCE_SECONDS=120", "PATIENCE_SECONDS=8")
    assert Done.of_server(server.given(text)).names("changed") == {"firewall", "sshd"}
    assert not server.comes_in("root")
    eventually(lambda: "inactive" in server.sh("ufw status"), within=60)
    assert server.comes_in("root")
    assert server.menuvo("setup", "deploy").code == 0
    assert not server.comes_in("root")


def test_doors_are_not_shut_where_nothing_would_open_them_again(server: Machine) -> None:
    broken = "/usr/local/sbin/systemd-run"
    server.sh(f"rm {SSHD_FILE}; systemctl reload ssh")
    server.sh(f"printf '#!/bin/sh\necho no room >&2; exit 1\n' >{broken}; chmod 755 {broken}")
    try:
        done = server.menuvo("setup", "deploy")
        assert done.code == 1
        assert "Nothing would open the doors again, so they stay open." in done.out
        assert "no room" in done.out
        assert server.comes_in("root")
    finally:
        server.sh(f"rm {broken}")
    assert server.menuvo("setup", "deploy").code == 0


def test_a_setting_that_another_file_overrides_is_said_and_not_claimed(server: Machine) -> None:
    server.sh("echo 'PasswordAuthentication yes' >/etc/ssh/sshd_config.d/00-first.conf")
    try:
        done = server.menuvo("setup", "deploy")
        assert done.code == 1
        assert done.names("fail") == {"sshd"}
        assert "sshd does not have: passwordauthentication no." in done.out
        assert "sshd_config.d" in done.out
    finally:
        server.sh("rm /etc/ssh/sshd_config.d/00-first.conf; systemctl reload ssh")


def test_a_door_of_the_operators_own_is_told_and_left_alone(server: Machine) -> None:
    server.sh("ufw allow 51820/udp")
    try:
        done = ask(server, "mend", *SHUT)
        assert done.names("warn") == {"firewall"}
        assert "sudo ufw delete allow 51820/udp" in str(done.findings)
    finally:
        server.sh("ufw delete allow 51820/udp")


def test_what_is_in_daemon_json_already_stays(server: Machine) -> None:
    server.sh(
        'echo \'{"dns": ["9.9.9.9"], "log-opts": {"max-size": "1m"}}\' >/etc/docker/daemon.json'
    )
    assert server.menuvo("setup", "deploy").code == 0
    assert '"9.9.9.9"' in server.sh("cat /etc/docker/daemon.json")
    assert '"max-size": "1m"' in server.sh("cat /etc/docker/daemon.json")


def test_the_hour_of_reboots_is_kept(server: Machine) -> None:
    assert server.menuvo("setup", "deploy", "--reboot-at", "03:15").names("changed") == {"updates"}
    assert server.menuvo("setup", "deploy").names("changed") == set()
    assert 'Automatic-Reboot-Time "03:15"' in server.sh("apt-config dump")
    assert server.menuvo("setup", "deploy", "--reboot-at", "04:30").code == 0


def test_a_port_past_the_firewall_is_found_from_outside(server: Machine) -> None:
    """As one that Docker publishes: its rules come before those of ufw."""
    rule = "INPUT -p tcp --dport 5432 -j ACCEPT"
    server.sh(f"iptables -I {rule}; systemd-run --unit=open python3 -m http.server 5432")
    try:
        eventually(lambda: server.menuvo("check", "deploy").names("fail") == {"outside"}, within=60)
        done = server.menuvo("check", "deploy")
        assert done.code == 3
        assert "Port 5432 (PostgreSQL) answers from outside." in done.out
    finally:
        server.sh(f"systemctl stop open; iptables -D {rule}")
    assert server.menuvo("check", "deploy").code == 0


def test_who_guesses_is_kept_out(server: Machine) -> None:
    guesser = "10.99.0.66"
    server.on_laptop("ip", "address", "add", f"{guesser}/24", "dev", "eth0")
    known = ("-o", f"UserKnownHostsFile={server.folder / 'known_hosts'}", "-o", "BatchMode=yes")
    for _ in range(6):
        server.on_laptop("ssh", *known, "-b", guesser, f"nobody-here@{SERVER}", "true")
    eventually(lambda: guesser in server.sh("fail2ban-client status sshd"), within=30)
    # The rule may come while a connection is being made, which then only falls silent.
    patient = ("timeout", "10", "ssh", *known, "-b", guesser)
    identity = ("-i", str(server.folder / "identity"))
    assert server.on_laptop(*patient, *identity, f"deploy@{SERVER}", "true").code != 0
    assert server.comes_in("deploy")


def test_the_environment_is_brought_once_and_never_replaced(
    server: Machine, tmp_path: Path
) -> None:
    server.sh("rm -f /home/deploy/menuvo/.env")
    file = write_env(tmp_path)
    brought = server.menuvo("setup", "deploy", "--environment", str(tmp_path))
    assert brought.code == 0, brought.err
    assert brought.names("changed") == {"environment"}
    assert server.sh("stat -c %U:%a /home/deploy/menuvo/.env") == "deploy:600"
    assert (server.root / "home/deploy/menuvo/.env").read_text() == file.read_text()
    again = server.menuvo("setup", "deploy", "--environment", str(tmp_path))
    assert again.names("changed") == set()
    write_env(tmp_path, DOMAIN="other.example.org")
    other = server.menuvo("setup", "deploy", "--environment", str(tmp_path))
    assert "environment" in other.names("warn")
    assert "other.example.org" not in (server.root / "home/deploy/menuvo/.env").read_text()


def test_the_registry_is_logged_in_to_with_a_token_that_stands_nowhere(server: Machine) -> None:
    def log_in(token: str) -> Done:
        environment = {"MENUVO_REGISTRY_TOKEN": token}
        return server.menuvo("setup", "deploy", "--registry-user", "someone", env=environment)

    refused = log_in("wrong")
    assert refused.code == 1
    assert refused.names("fail") == {"registry"}
    taken = log_in("right")
    assert taken.code == 0, taken.err
    assert taken.names("changed") == {"registry"}
    assert "right" not in taken.out


def test_the_timers_are_installed_once_the_tool_is_there(server: Machine) -> None:
    """The tool is a stand-in that writes what `menuvo timers install` writes."""
    tool = "/home/deploy/menuvo/menuvo"
    line = "# BEGIN menuvo timers of /home/deploy/menuvo"
    install = f"[ \"$2\" != install ] || echo '{line}' | crontab -"
    server.sh(f"cat >{tool} <<'END'\n#!/bin/sh\n{install}\nEND\nchmod 755 {tool}")
    try:
        assert ask(server, "check").names("fail") == {"timers"}
        assert server.menuvo("setup", "deploy").names("changed") == {"timers"}
        assert line in server.sh("crontab -u deploy -l")
        assert server.menuvo("check", "deploy").names("skipped") <= {"registry"}
    finally:
        server.sh(f"rm {tool}; crontab -u deploy -r")
