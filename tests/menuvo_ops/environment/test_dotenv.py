"""`.env` as Docker Compose reads it."""

import io
import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import dotenv
import pytest
from hypothesis import given
from hypothesis import strategies as some

from menuvo_ops.environment.dotenv import Document, parse, quoted

# Every sign that means something to somebody who reads such a file.
SIGNS = some.sampled_from("ab0n \t\n\r\v\f$#'\"\\`=:;{}!~%&é€\u2028\x85\xa0\x1c")
VALUES = some.text(SIGNS) | some.text(
    some.characters(exclude_characters="\0", exclude_categories=["Cs"])
)


def read(text: str) -> dict[str, str]:
    document = parse(text)
    assert document.mistakes == ()
    return {found.name: found.value.reveal() for found in document.assignments}


def only(text: str) -> Document:
    document = parse(text)
    assert len(document.assignments) == 1
    return document


@given(some.lists(VALUES))
def test_what_is_written_is_read_back_and_compose_would_read_the_same(values: list[str]) -> None:
    written = "".join(f"V{number}={quoted(value)}\n" for number, value in enumerate(values))
    document = parse(written)
    assert [found.value.reveal() for found in document.assignments] == values
    assert all(found.alike for found in document.assignments)


@given(some.lists(VALUES.filter(lambda value: not ("$" in value and quoted(value)[0] == '"'))))
def test_another_reader_of_such_files_reads_the_same(values: list[str]) -> None:
    """Apart from `\\$`, which is a word of Compose."""
    written = "".join(f"V{number}={quoted(value)}\n" for number, value in enumerate(values))
    found = dotenv.dotenv_values(stream=io.StringIO(written, newline=""), interpolate=False)
    assert list(found.values()) == values


def compose_reads(folder: Path, names: Mapping[str, str]) -> dict[str, str]:
    """What `docker compose config` puts into a service's environment."""
    variables = {name: f"${{{name}}}" for name in names}
    service = {"image": "none", "environment": variables}
    (folder / "docker-compose.yml").write_text(json.dumps({"services": {"s": service}}))
    argv = ["docker", "compose", "--project-name", "m", "config", "--format", "json"]
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=True)
    shown: dict[str, str] = json.loads(done.stdout)["services"]["s"]["environment"]
    # It prints a dollar twice, so that its output can be its input.
    return {name: value.replace("$$", "$") for name, value in shown.items()}


def own_parser_reads(folder: Path, names: Mapping[str, str]) -> dict[str, str]:
    text = (folder / ".env").read_text()
    assert all(found.alike for found in parse(text).assignments)
    return read(text)


def readers() -> list[Callable[[Path, Mapping[str, str]], dict[str, str]]]:
    """Compose itself where this machine has it."""
    try:
        subprocess.run(["docker", "compose", "version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return [own_parser_reads]
    return [own_parser_reads, compose_reads]


@pytest.mark.parametrize("reads", readers())
def test_every_awkward_value_survives(
    tmp_path: Path, reads: Callable[[Path, Mapping[str, str]], dict[str, str]]
) -> None:
    awkward = ["", "a b", "a$b", "$HOME", "${HOME}", "$$", "a#b", "a #b", "#", "'", '"', "a'b\"c"]
    awkward += ["\\", "a\\", "\\\\", "\\'", '\\"', "\\n", "\\$x", "'$x\\", "two\nlines\n", "tab\t."]
    values = {f"V{number}": value for number, value in enumerate(awkward)}
    (tmp_path / ".env").write_text("".join(f"{n}={quoted(v)}\n" for n, v in values.items()))
    assert reads(tmp_path, values) == values


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=b", "b"),
        ("A=", ""),
        ("  export A = b  ", "b"),
        ("A=b # a remark", "b"),
        ("A=b#c", "b#c"),
        ("A='b # c' # a remark", "b # c"),
        ("A='it\\'s'", "it's"),
        ('A="b\\n\\"c\\"\\\\"', 'b\n"c"\\'),
        ('A="a\\$b"', "a$b"),
        ("A=b\\c", "b\\c"),
        ("A=b=c", "b=c"),
        ("\ufeffA=b", "b"),
        ("A=b\r\n# remark\r\n\r\n", "b"),
    ],
)
def test_what_operators_write_is_understood(line: str, value: str) -> None:
    document = only(line)
    assert document.assignments[0].value.reveal() == value
    assert document.assignments[0].alike


@pytest.mark.parametrize(
    ("line", "literally"),
    [
        ("A=pa$$word", "pa$$word"),
        ("A=pa$word", "pa$word"),
        ('A="pa${word}"', "pa${word}"),
        ('A="\\\\$b"', "\\$b"),
        ("A= # a remark", ""),
        ("A=b\t# a remark", "b"),
    ],
)
def test_a_value_that_compose_would_change_is_taken_literally_and_marked(
    line: str, literally: str
) -> None:
    (found,) = only(line).assignments
    assert found.value.reveal() == literally
    assert not found.alike


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("s3cret", "not NAME=value"),
        ("=s3cret", "not NAME=value"),
        ("1A=s3cret", "not NAME=value"),
        ("A B=s3cret", "not NAME=value"),
        ("A: s3cret", "not NAME=value"),
        ("A='s3cret", "has no end, or text behind it"),
        ('A="s3cret\\"', "has no end, or text behind it"),
        ("A='s3'cret", "has no end, or text behind it"),
        ("A=s3\0cret", "NUL"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_by_its_number_and_not_shown(
    line: str, problem: str
) -> None:
    (mistake,) = parse(f"# a remark\n\n{line}\nB=c\n").mistakes
    assert problem in str(mistake)
    assert str(mistake).startswith("line 3: ")
    assert "s3" not in str(mistake)


def test_every_mistake_is_found_at_once() -> None:
    assert [mistake.line for mistake in parse("A\nB=1\n'\nB=1\nB=2").mistakes] == [1, 3, 5]


def test_a_name_may_come_twice_with_one_value_only() -> None:
    assert read("A=1\nA='1'") == {"A": "1"}
    (mistake,) = parse("A=1\nA=2").mistakes
    assert str(mistake) == "line 2: A has another value here than in line 1"


def test_comments_of_the_operator_stay_with_their_name_and_ours_do_not() -> None:
    document = parse("#: ours\n# from Anna\nA=1 # rotated in May\n#: ours\nB=2\n# the end\n")
    assert [found.comments for found in document.assignments] == [
        ("# from Anna", "# rotated in May"),
        (),
    ]
    assert document.closing == ("# the end",)


def test_a_value_never_shows_itself() -> None:
    document = only("A=s3cret")
    (found,) = document.assignments
    assert "s3cret" not in f"{document} {found!r} {found.value} {found.value!r} {found.value:>20}"
