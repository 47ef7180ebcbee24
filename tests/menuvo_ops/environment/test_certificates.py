"""Whether an origin certificate would serve the site."""

from pathlib import Path

from tests.menuvo_ops.environment.certs import make_certificate

from menuvo_ops.environment.certificates import problem

HOSTS = ["menuvo.app", "status.menuvo.app"]


def test_a_certificate_with_its_key_for_all_hosts_is_right(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path, "menuvo.app", "*.menuvo.app")
    assert problem(certificate, key, HOSTS) is None


def test_a_host_that_it_does_not_name_is_told(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path, "menuvo.app")
    told = problem(certificate, key, HOSTS)
    assert told is not None
    assert told.startswith("for status.menuvo.app: Hostname mismatch")


def test_another_certificate_s_key_is_told(tmp_path: Path) -> None:
    certificate, _ = make_certificate(tmp_path, "menuvo.app")
    other = tmp_path / "other"
    other.mkdir()
    _, key = make_certificate(other, "menuvo.app")
    assert problem(certificate, key, HOSTS) == "the certificate belongs to another key"


def test_what_is_no_certificate_is_told(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path, "menuvo.app")
    certificate.write_text("hello")
    assert "no certificate and key in PEM" in (problem(certificate, key, HOSTS) or "")
