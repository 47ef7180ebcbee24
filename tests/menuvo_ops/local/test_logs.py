from pathlib import Path

from menuvo_ops.local.logs import last_lines, open_log, rotate


def test_a_large_log_is_set_aside_while_its_service_goes_on_writing(tmp_path: Path) -> None:
    with open_log(tmp_path, "caddy") as log:
        for number in range(1, 6):
            log.write(f"line {number}\n".encode())
            log.flush()
            rotate(tmp_path, largest=1)
        log.write(b"newest\n")

    kept = {file.name: file.read_text() for file in tmp_path.iterdir()}
    assert kept == {
        "caddy.log": "newest\n",
        "caddy.log.1": "line 5\n",
        "caddy.log.2": "line 4\n",
        "caddy.log.3": "line 3\n",
    }


def test_a_small_log_stays(tmp_path: Path) -> None:
    with open_log(tmp_path, "caddy") as log:
        log.write(b"one line\n")
    rotate(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["caddy.log"]


def test_the_last_lines_of_no_log_are_none(tmp_path: Path) -> None:
    assert last_lines(tmp_path / "absent.log") == ""
