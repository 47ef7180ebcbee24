from collections.abc import Callable
from pathlib import Path

import pytest

from menuvo_ops.errors import CommandFailed, MissingProgram
from menuvo_ops.local.sources import Say, Source, obtain


def failing(name: str) -> Source:
    def fetch(_into: Path, _say: Say) -> None:
        raise CommandFailed("Downloading failed.", hint="connecting\ncould not resolve")

    return Source(name, fetch)


def giving(name: str, file: str) -> Source:
    def fetch(into: Path, _say: Say) -> None:
        (into / file).touch()

    return Source(name, fetch)


def server_in(folder: Path) -> Callable[[], Path | None]:
    file = folder / "server"
    return lambda: file if file.exists() else None


def obtained(folder: Path, *sources: Source, say: Say = lambda _: None) -> Path:
    return obtain(
        server_in(folder), sources, into=folder, say=say, missing="No server.", advice="Get one."
    )


def test_what_is_there_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "server").touch()
    assert obtained(tmp_path, giving("Debian", "other")) == tmp_path / "server"
    assert not (tmp_path / "other").exists()


def test_the_next_source_serves_where_one_fails_and_that_is_said(tmp_path: Path) -> None:
    said: list[str] = []
    found = obtained(
        tmp_path,
        *[failing("Debian"), giving("PyPI", "server"), giving("the third", "unasked")],
        say=said.append,
    )
    assert found == tmp_path / "server"
    assert said == ["Debian: Downloading failed."]
    assert not (tmp_path / "unasked").exists()


def test_when_all_fail_each_is_named_with_its_reason_and_the_advice_comes_last(
    tmp_path: Path,
) -> None:
    with pytest.raises(MissingProgram) as refusal:
        obtained(tmp_path, failing("Debian"), giving("PyPI", "of another kind"))

    assert refusal.value.message == "No server."
    assert refusal.value.hint.splitlines() == [
        "Tried Debian: Downloading failed. could not resolve",
        "Tried PyPI: what it has does not run here.",
        "Get one.",
    ]
