"""The pair of keys between the hub and its agent."""

import subprocess
from pathlib import Path

import pytest

from menuvo_ops.environment.generation import key_pair
from menuvo_ops.environment.keys import public_half, same_key


def test_a_pair_is_made_and_openssh_accepts_it(tmp_path: Path) -> None:
    private, public = key_pair()
    assert public.startswith("ssh-ed25519 AAAA")
    assert public_half(private) == public
    file = tmp_path / "key"
    file.write_text(private)
    file.chmod(0o600)
    argv = ["ssh-keygen", "-y", "-f", str(file)]
    told = subprocess.run(argv, check=True, capture_output=True, text=True)
    assert same_key(told.stdout, public)
    assert key_pair()[1] != public


def test_a_comment_makes_no_other_key() -> None:
    assert same_key("ssh-ed25519 AAAA hub", "ssh-ed25519 AAAA")
    assert not same_key("ssh-ed25519 AAAA", "ssh-ed25519 BBBB")


def test_a_key_with_a_passphrase_is_of_no_use(tmp_path: Path) -> None:
    argv = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "open sesame", "-f", tmp_path / "key"]
    subprocess.run(argv, check=True)
    assert public_half((tmp_path / "key").read_text()) is None


@pytest.mark.parametrize("text", ["", "x", "-----BEGIN\nnot base64\n-----END", "a\nAAAA\nb"])
def test_what_is_no_key_is_none(text: str) -> None:
    assert public_half(text) is None
    cut = key_pair()[0].splitlines()
    assert public_half("\n".join([cut[0], cut[1][:24], cut[-1]])) is None
