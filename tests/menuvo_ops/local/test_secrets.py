from pathlib import Path

from menuvo_ops.local.secrets import remembered_secret


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "secrets/auth"
    secret = remembered_secret(file)

    assert len(secret) == 43
    assert remembered_secret(file) == secret
    assert file.stat().st_mode & 0o777 == 0o600
    assert remembered_secret(tmp_path / "secrets/other") != secret
