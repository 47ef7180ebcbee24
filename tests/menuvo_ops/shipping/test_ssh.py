"""A release file on another machine, over a real ssh into a real sshd."""

import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Generator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from tests.menuvo_ops.shipping.sshd import SshServer, make_key, running_sshd
from tests.menuvo_ops.waiting import eventually

from menuvo_ops.commands import ssh
from menuvo_ops.errors import CommandFailed, ConnectionLost, ServerUnfit, Unreachable, Usage
from menuvo_ops.local.ports import free_port
from menuvo_ops.shipping.packing import pack
from menuvo_ops.shipping.ssh import Connection, Host, connected

CHECKOUT = Path(__file__).parents[3]
TOOLS = ("sh", "uname", "id", "tr", "cat", "mkdir", "dirname", "mv", "rm", "sha256sum", "sleep")
DOCKER = "echo 28.5.2"
# Says what it hears: every line, and the end of its stdin.
PROGRAM = """
import pathlib, sys
print("started", *sys.argv[1:])
if "wait" in sys.argv:
    sys.stdin.read()
    # First, because where nobody waits any more nothing can be told: the next line may raise.
    pathlib.Path("undone").touch()
    print("nobody waits any more")
if "die" in sys.argv:
    import os, signal
    os.kill(os.getpid(), signal.SIGKILL)
print("on stderr", file=sys.stderr)
sys.exit(3)
"""


def make_bin(folder: Path, **programs: str) -> Path:
    """A PATH with just these: what is named and a handful of Unix."""
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (folder / tool).symlink_to(found)
    for name, script in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return folder


PYTHON = f'exec {sys.executable} "$@"'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[SshServer]:
    folder = tmp_path_factory.mktemp("server")
    path = make_bin(folder / "bin", python3=PYTHON, docker=DOCKER)
    with running_sshd(folder / "sshd", environment={"PATH": str(path)}) as running:
        yield running


@pytest.fixture
def connection(server: SshServer) -> Generator[Connection]:
    with way_to(server) as opened:
        yield opened


def way_to(server: SshServer, **other: Path) -> AbstractContextManager[Connection]:
    options = {"identity": server.identity, "known_hosts": server.known_hosts, **other}
    return connected(Host(server.address), **options)


@pytest.fixture
def pyz(tmp_path: Path) -> Path:
    file = tmp_path / "menuvo.pyz"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("__main__.py", PROGRAM)
    return file


def test_what_is_there_is_told(connection: Connection) -> None:
    machine = connection.look_around()
    assert machine.architecture == os.uname().machine
    assert machine.python == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert machine.docker == "28.5.2"


def test_a_release_is_copied_and_run(connection: Connection, server: SshServer) -> None:
    file = server.home.parent / "menuvo.pyz"
    pack(CHECKOUT, "1234abc", file)
    connection.copy(file, "menuvo/releases/it's new/menuvo.pyz")
    arrived = server.home / "menuvo/releases/it's new/menuvo.pyz"
    assert arrived.read_bytes() == file.read_bytes()
    assert arrived.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in arrived.parent.iterdir()] == ["menuvo.pyz"]
    with connection.running("menuvo/releases/it's new/menuvo.pyz", ["version"]) as remote:
        assert list(remote.lines()) == ["1234abc"]
        assert remote.wait() == 0


def test_arguments_arrive_as_they_are_and_the_exit_code_comes_back(
    connection: Connection, pyz: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    connection.copy(pyz, "menuvo.pyz")
    arguments = ["--reason", 'it\'s $HOME; * "new"', ""]
    with connection.running("menuvo.pyz", arguments) as remote:
        assert list(remote.lines()) == ['started --reason it\'s $HOME; * "new" ']
        assert remote.wait() == 3
    assert "on stderr" in capfd.readouterr().err


def test_letting_go_is_heard_and_what_follows_is_still_read(
    connection: Connection, pyz: Path
) -> None:
    connection.copy(pyz, "menuvo.pyz")
    with connection.running("menuvo.pyz", ["wait"]) as remote:
        lines = remote.lines()
        assert next(lines) == "started wait"
        remote.let_go()
        assert list(lines) == ["nobody waits any more"]
        assert remote.wait() == 3


CLIENT = """
import sys
from pathlib import Path
from menuvo_ops.shipping.ssh import Host, connected
address, identity, known_hosts = sys.argv[1:]
with connected(Host(address), identity=Path(identity), known_hosts=Path(known_hosts)) as way:
    with way.running("menuvo.pyz", ["wait"]) as remote:
        for line in remote.lines():
            print(line, flush=True)
        sys.exit(remote.wait())
"""


def client_of(server: SshServer) -> subprocess.Popen[str]:
    argv = [sys.executable, "-c", CLIENT, server.address, server.identity, server.known_hosts]
    return subprocess.Popen(
        list(map(str, argv)), stdout=subprocess.PIPE, text=True, start_new_session=True
    )


@pytest.fixture
def waiting(
    server: SshServer, connection: Connection, pyz: Path
) -> Generator[subprocess.Popen[str]]:
    """Somebody else's tool, that waits for a program on the server."""
    connection.copy(pyz, "menuvo.pyz")
    (server.home / "undone").unlink(missing_ok=True)
    with client_of(server) as client:
        assert client.stdout
        assert client.stdout.readline() == "started wait\n"
        assert not (server.home / "undone").exists()
        yield client


def test_a_client_that_is_killed_is_noticed_over_there(
    server: SshServer, waiting: subprocess.Popen[str]
) -> None:
    waiting.kill()
    eventually((server.home / "undone").exists)


def test_ctrl_c_is_noticed_over_there_and_the_end_is_still_told(
    server: SshServer, waiting: subprocess.Popen[str]
) -> None:
    """As a terminal does it: the whole group of processes gets the signal."""
    os.killpg(waiting.pid, signal.SIGINT)
    told, _ = waiting.communicate(timeout=20)
    assert told == "nobody waits any more\n"
    assert waiting.returncode == 3
    assert (server.home / "undone").exists()


def test_a_program_that_is_killed_over_there_has_no_known_end(
    connection: Connection, pyz: Path
) -> None:
    connection.copy(pyz, "menuvo.pyz")
    with connection.running("menuvo.pyz", ["die"]) as remote:
        assert list(remote.lines()) == ["started die"]
        with pytest.raises(ConnectionLost, match="before the server said how it went") as lost:
            remote.wait()
    assert "menuvo deploy status" in lost.value.hint


def test_all_goes_over_one_connection(server: SshServer, pyz: Path) -> None:
    before = server.log.read_text().count("Accepted publickey")
    with way_to(server) as connection:
        connection.look_around()
        connection.copy(pyz, "menuvo.pyz")
        with connection.running("menuvo.pyz", []) as remote:
            remote.wait()
    assert server.log.read_text().count("Accepted publickey") == before + 1


def test_the_connection_ends_with_its_use(server: SshServer) -> None:
    with way_to(server) as connection:
        connection.look_around()
        assert connection.way.control.exists()
    assert not connection.way.control.parent.exists()
    closed = server.log.read_text
    eventually(lambda: closed().count("disconnected by user") >= 1)


def test_a_file_that_is_cut_short_on_the_way_leaves_the_old_one(
    connection: Connection, server: SshServer, pyz: Path
) -> None:
    """A connection that breaks looks to the other side like the end of the file."""
    connection.copy(pyz, "whole.pyz")
    whole = pyz.read_bytes()
    argv = ssh.execute(connection.way, ssh.receive("whole.pyz", "0" * 64))
    done = subprocess.run(argv, input=whole[:100], capture_output=True, check=False)
    assert done.returncode != 0
    assert (server.home / "whole.pyz").read_bytes() == whole
    assert not list(server.home.glob("*.partial"))


def test_a_folder_that_cannot_be_written_is_said(connection: Connection, pyz: Path) -> None:
    with pytest.raises(CommandFailed, match=r"Copying menuvo\.pyz to the server failed") as refusal:
        connection.copy(pyz, "/proc/menuvo/menuvo.pyz")
    assert "/proc/menuvo" in refusal.value.hint


def test_what_a_program_prints_is_followed_to_its_end(connection: Connection) -> None:
    said = connection.follow(["sh", "-s"], "echo one; echo two; exit 3", what="Asking")
    assert next(said) == "one"
    assert next(said) == "two"
    with pytest.raises(CommandFailed, match=r"Asking failed \(exit code 3\)"):
        next(said)


def test_the_name_of_the_machine_is_what_ssh_goes_to(connection: Connection) -> None:
    assert connection.address_of_host() == "127.0.0.1"


# --- what stands in the way, each with what to do


def test_a_server_that_is_not_there() -> None:
    with (
        connected(Host(f"ssh://deploy@127.0.0.1:{free_port()}")) as connection,
        pytest.raises(Unreachable, match="cannot be reached") as refusal,
    ):
        connection.look_around()
    assert "Connection refused" in refusal.value.hint
    assert "firewall" in refusal.value.hint


def test_a_name_that_does_not_exist() -> None:
    with (
        connected(Host("deploy@nowhere.invalid")) as connection,
        pytest.raises(Unreachable, match="cannot be reached") as refusal,
    ):
        connection.look_around()
    assert "Could not resolve hostname" in refusal.value.hint


def test_a_host_key_that_nobody_knows(server: SshServer, tmp_path: Path) -> None:
    nothing = tmp_path / "known_hosts"
    nothing.touch()
    with (
        way_to(server, known_hosts=nothing) as connection,
        pytest.raises(Unreachable, match="is not known here") as refusal,
    ):
        connection.look_around()
    assert f"ssh {server.address}" in refusal.value.hint
    assert "--known-hosts" in refusal.value.hint
    assert nothing.read_text() == ""


def test_a_host_key_that_is_another_one(server: SshServer, tmp_path: Path) -> None:
    make_key(tmp_path / "other")
    wrong = tmp_path / "known_hosts"
    wrong.write_text(f"[127.0.0.1]:{server.port} {(tmp_path / 'other.pub').read_text()}")
    with (
        way_to(server, known_hosts=wrong) as connection,
        pytest.raises(Unreachable, match="another host key") as refusal,
    ):
        connection.look_around()
    assert f"ssh-keygen -R '[127.0.0.1]:{server.port}'" in refusal.value.hint
    assert "do not go on" in refusal.value.hint


def test_a_key_that_is_not_let_in(server: SshServer, tmp_path: Path) -> None:
    make_key(tmp_path / "stranger")
    with (
        way_to(server, identity=tmp_path / "stranger") as connection,
        pytest.raises(Unreachable, match="does not let us in") as refusal,
    ):
        connection.look_around()
    assert "authorized_keys" in refusal.value.hint


def test_a_key_that_others_can_read(server: SshServer, tmp_path: Path) -> None:
    open_to_all = tmp_path / "identity"
    shutil.copyfile(server.identity, open_to_all)
    open_to_all.chmod(0o644)
    with (
        way_to(server, identity=open_to_all) as connection,
        pytest.raises(Unreachable, match="can be read by others") as refusal,
    ):
        connection.look_around()
    assert "chmod 600" in refusal.value.hint


def test_a_key_file_that_is_not_there(server: SshServer, tmp_path: Path) -> None:
    missing = way_to(server, identity=tmp_path / "nothing")
    with pytest.raises(Usage, match="--identity: there is no file"), missing:
        pass


@pytest.mark.parametrize(
    "address", ["", "-oProxyCommand=touch x", "a b", "deploy@host;x", "ssh://a@b:port", "ftp://a"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Usage, match="is no address of a server"):
        Host(address)


@pytest.mark.parametrize(
    "address",
    ["deploy@example.org", "menuvo", "deploy@2001:db8::1", "ssh://deploy@host", "ssh://[::1]:22"],
)
def test_what_ssh_takes_as_an_address_is_one(address: str) -> None:
    assert Host(address).address == address


DENIED = (
    "echo 'permission denied while trying to connect to the Docker daemon socket at"
    " unix:///var/run/docker.sock' >&2; exit 1"
)
STOPPED = (
    "echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker"
    " daemon running?' >&2; exit 1"
)


@pytest.mark.parametrize(
    ("programs", "sentences", "advice"),
    [
        ({"docker": DOCKER}, "there is no python3.", "apt-get install python3"),
        (
            {"docker": DOCKER, "python3": "echo 3.9"},
            "its python3 is 3.9, and 3.10 or newer is needed.",
            "upgrade the server",
        ),
        ({"python3": PYTHON}, "there is no docker.", "Install Docker"),
        (
            {"python3": PYTHON, "docker": DENIED},
            "may not use Docker.",
            "sudo usermod --append --groups docker",
        ),
        (
            {"python3": PYTHON, "docker": STOPPED},
            "its Docker does not answer.",
            "sudo systemctl start docker",
        ),
        ({}, "there is no python3. there is no docker.", "Install Docker"),
    ],
)
def test_what_the_server_lacks_is_said_all_at_once(
    tmp_path: Path, programs: dict[str, str], sentences: str, advice: str
) -> None:
    path = make_bin(tmp_path / "bin", **programs)
    server = running_sshd(tmp_path / "sshd", environment={"PATH": str(path)})
    with (
        server as bare,
        way_to(bare) as connection,
        pytest.raises(ServerUnfit) as refusal,
    ):
        connection.look_around()
    assert sentences in refusal.value.message
    assert advice in refusal.value.hint
