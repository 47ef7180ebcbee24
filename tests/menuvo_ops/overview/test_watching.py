"""The screen that is shown again and again."""

from tests.menuvo_ops.pipes import read_first_line


def test_whoever_has_read_enough_ends_it_without_a_complaint() -> None:
    shows = (
        "from menuvo_ops.overview import watching\n"
        "from menuvo_ops.rollout.interruption import Interruption\n"
        "watching._EVERY_SECONDS = 0.01\n"
        "watching.watch(lambda: 'All is well.', Interruption(), clears=False)\n"
    )
    done = read_first_line(shows)
    assert (done.returncode, done.stdout, done.stderr) == (0, "All is well.\n", "")
