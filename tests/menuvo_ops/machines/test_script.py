"""What goes to a server, and how it answers, with items that are made for it."""

import subprocess

import pytest

from menuvo_ops.errors import ServerUnfit, Usage
from menuvo_ops.machines.findings import Finding, read
from menuvo_ops.machines.items import ITEMS
from menuvo_ops.machines.script import Given, require_hour, script

SWAP = next(item for item in ITEMS if item.name == "swap")


def answer(check: str, mend: str | None = None, *, verb: str = "mend") -> list[Finding]:
    """Of the item `swap`, whose functions are these instead; its state is a file."""
    text = script("mend" if verb == "mend" else "check", [SWAP])
    # The last definition is the one that counts.
    ours = f"check_swap() {{ {check}\n}}\n"
    ours += f"mend_swap() {{ {mend}\n}}\n" if mend else "unset -f mend_swap\n"
    text = text.replace("\nmain ", f"\n{ours}main ")
    done = subprocess.run(
        ["sh", "-s", "22"], input=text, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return list(read(done.stdout.splitlines()))


def test_what_is_right_is_left_alone() -> None:
    assert answer("true", "exit 1") == [
        Finding("swap", "ok", "The system has swap, also after a reboot.")
    ]


def test_what_is_wrong_is_mended_and_both_are_told() -> None:
    found = answer('[ -e "$WORK/mended" ] || wrong "It is broken."', 'touch "$WORK/mended"')
    assert found == [Finding("swap", "begun", ""), Finding("swap", "changed", "It is broken.")]


def test_a_check_alone_mends_nothing() -> None:
    found = answer('wrong "It is broken." "Do this."', "exit 1", verb="check")
    assert found == [Finding("swap", "fail", "It is broken.", "Do this.")]


def test_mending_ends_at_its_first_error_and_its_last_words_are_told() -> None:
    check = '[ -e "$WORK/went-on" ] || wrong "It is broken."'
    found = answer(check, 'echo "no room" >&2; false; touch "$WORK/went-on"')
    assert found == [
        Finding("swap", "begun", ""),
        Finding("swap", "fail", "It is broken.", "menuvo server setup mends it."),
        Finding("swap", "fail", "Mending it failed (exit code 1).", "no room"),
    ]


def test_mending_that_helps_nothing_is_no_success() -> None:
    found = answer('wrong "It is broken."', "true")
    assert [one.status for one in found] == ["begun", "fail"]


def test_what_nobody_can_mend_says_what_to_do() -> None:
    found = answer('wrong "It is old." "Upgrade it."')
    assert found == [Finding("swap", "fail", "It is old.", "Upgrade it.")]


def test_warnings_and_what_does_not_apply_are_mended_by_nobody() -> None:
    found = answer('note "It is late." "Wait."; does_not_apply "No disk."', "exit 1")
    assert found == [
        Finding("swap", "warn", "It is late.", "Wait."),
        Finding("swap", "skipped", "No disk."),
    ]


def test_words_of_several_lines_stay_one_finding() -> None:
    found = answer('wrong "one\ntwo\tthree"', verb="check")
    assert found[0].found == "one two three"


def test_what_comes_later_waits_for_what_could_not_be_mended() -> None:
    group = next(item for item in ITEMS if item.name == "group")
    text = script("mend", [SWAP, group])
    ours = "check_swap() { wrong no; }\nmend_swap() { true; }\ncheck_group() { true; }\n"
    done = subprocess.run(
        ["sh", "-s"],
        input=text.replace("\nmain ", f"\n{ours}main "),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert {one.name for one in read(done.stdout.splitlines())} == {"swap"}


def test_what_items_start_cannot_eat_the_rest_of_the_script() -> None:
    found = answer('cat >/dev/null; wrong "The end was reached."', verb="check")
    assert found[0].found == "The end was reached."


def test_keys_arrive_as_they_are() -> None:
    text = script("check", [SWAP], Given(["ssh-ed25519 AAAA it's me"]))
    shown = text.replace("\nmain ", "\nprintf '%s' \"$WANTED_KEYS\"; exit\nmain ")
    done = subprocess.run(["sh", "-s"], input=shown, capture_output=True, text=True, check=True)
    assert done.stdout == "ssh-ed25519 AAAA it's me"


@pytest.mark.parametrize("hour", ["25:00", "4:30", "now", "04:60", "04:30\n"])
def test_an_hour_that_is_none_is_refused(hour: str) -> None:
    with pytest.raises(Usage, match="is no time of the day"):
        require_hour(hour)


def test_a_server_that_stops_in_the_middle_is_not_taken_for_a_good_one() -> None:
    with pytest.raises(ServerUnfit, match="did not come to the end"):
        list(read(["menuvo:swap\tok\t\t"]))


def test_a_greeting_is_passed_over_and_nonsense_is_not() -> None:
    assert list(read(["Welcome to Debian!", "menuvo:end"])) == []
    with pytest.raises(ServerUnfit, match="unforeseen"):
        list(read(["menuvo:swap\tperhaps\t\t", "menuvo:end"]))
