"""Who comes in, and by which keys."""

from pathlib import Path

import pytest

from menuvo_ops.errors import Usage
from menuvo_ops.machines.keys import keys_in, read_keys
from menuvo_ops.machines.login import Login


@pytest.mark.parametrize(
    ("address", "later"),
    [
        ("root@example.org", "deploy@example.org"),
        ("example.org", "deploy@example.org"),
        ("ubuntu@2001:db8::1", "deploy@2001:db8::1"),
        ("ssh://root@example.org:2222", "ssh://deploy@example.org:2222"),
        ("ssh://[::1]:22", "ssh://deploy@[::1]:22"),
    ],
)
def test_the_user_who_deploys_comes_in_at_the_same_place(address: str, later: str) -> None:
    assert Login(address).as_deploy().address == later


def test_a_key_that_may_not_log_in_is_not_handed_on() -> None:
    """As cloud images write it for root."""
    refused = 'no-pty,command="echo Please login as ubuntu" ssh-ed25519 AAAA me'
    assert keys_in(f"# mine\n{refused}\nssh-ed25519 BBBB me\n\n") == ["ssh-ed25519 BBBB me"]


@pytest.mark.parametrize("content", [None, "", "-----BEGIN OPENSSH PRIVATE KEY-----\n"])
def test_a_file_that_is_no_public_key_is_refused(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "id_ed25519"
    if content is not None:
        file.write_text(content)
    with pytest.raises(Usage, match="is no public key") as refusal:
        read_keys(file)
    assert ".pub" in refusal.value.hint
