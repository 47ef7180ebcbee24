"""Every missing or malformed value by name, and what goes wrong between two."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.menuvo_ops.environment.certs import make_certificate
from tests.menuvo_ops.environment.complete import COMPLETE, HUB_KEY, values, write_env

from menuvo_ops.environment import zones
from menuvo_ops.environment.age import new_identity, recipient_of
from menuvo_ops.environment.checks import check_values
from menuvo_ops.environment.findings import Finding
from menuvo_ops.environment.generation import key_pair
from menuvo_ops.environment.needs import ALWAYS
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.values import text
from menuvo_ops.environment.variables import VARIABLES


def findings(severity: str = "error", **changed: str) -> list[tuple[str, str]]:
    return [
        (found.name, found.problem)
        for found in check_values(values(**changed))
        if found.severity == severity
    ]


def test_a_complete_environment_has_nothing_to_complain_about() -> None:
    assert check_values(values()) == []


def test_everything_that_is_missing_is_named_at_once() -> None:
    needed = {name for name, variable in VARIABLES.items() if variable.needed is ALWAYS}
    missing = {found.name for found in check_values({}) if found.problem == "is missing"}
    assert missing == needed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOMAIN", "https://menuvo.app"),
        ("DOMAIN", "Menuvo.app"),
        ("DOMAIN", "menuvo.app."),
        ("DOMAIN", "-menuvo.app"),
        ("DOMAIN", "menuvo app"),
        ("DOMAIN", f"{'a' * 64}.app"),
        ("TLS_MODE", "letsencrypt"),
        ("ACME_EMAIL", "operator"),
        ("TRUSTED_PROXIES", "10.0.0.0/8"),
        ("TIME_ZONE", "Europe/Berlln"),
        ("TIME_ZONE", "Europe"),
        ("TIME_ZONE", "/etc/localtime"),
        ("TIME_ZONE", "../UTC"),
        ("VERSION", "my release"),
        ("S3_ENDPOINT", "account.r2.cloudflarestorage.com"),
        ("S3_ENDPOINT", "https://key:secret@example.org"),
        ("S3_BUCKET", "My_Bucket"),
        ("S3_PUBLIC_URL", "images.menuvo.app"),
        ("STRIPE_SECRET_KEY", "pk_live_51abc"),
        ("STRIPE_PUBLISHABLE_KEY", "sk_live_51abc"),
        ("STRIPE_WEBHOOK_SECRET", "we_123"),
        ("STRIPE_WEBHOOK_SECRET_THIN", "we_123"),
        ("OPENROUTER_API_KEY", "sk-proj-1"),
        ("SENTRY_DSN", "https://o1.ingest.sentry.io/42"),
        ("BESZEL_AGENT_KEY", "AAAAC3NzaC1lZDI1NTE5"),
        ("BESZEL_HUB_KEY", "-----BEGIN RSA PRIVATE KEY-----"),
        ("GATUS_TELEGRAM_TOKEN", "bot123456789:short"),
        ("GATUS_TELEGRAM_CHAT_ID", "my chat"),
        ("ALERT_WEBHOOK_URL", "hooks.example.org"),
        ("DEADMAN_URL", "4f2a91c0"),
        ("BACKUP_S3_ENDPOINT", "https://account.r2.cloudflarestorage.com/menuvo-backups"),
        ("BACKUP_S3_REGION", "EU_1"),
        ("BACKUP_S3_PREFIX", "/menuvo"),
        ("BACKUP_S3_PREFIX", ".menuvo"),
        ("BACKUP_S3_PREFIX", "menuvo/../elsewhere"),
        ("BACKUP_KEEP_DAYS", "0"),
        ("BACKUP_KEEP_DAYS", "a week"),
        ("BACKUP_CRON", "0 3 * *"),
        ("BACKUP_VERIFY", "yes"),
        ("REDIS_PASSWORD", " leads with a space"),
        ("AUTH_SECRET", "thirty-two characters are too few"[:31]),
        ("PROBE_TOKEN", "thirtytwo_characters_are_too_few"[:31]),
        ("PROBE_TOKEN", "thirty-two characters, with spaces in it"),
        ("PROBE_TOKEN", "*" + "pR7oB2eT9kQ4wZ1xM6vN8cL3hJ5sD0aF"),
        ("DB_PASSWORD", "x2Kp9"),
        ("DB_PASSWORD", "change-me"),
        ("DB_PASSWORD", "change-me-please"),
        ("REDIS_PASSWORD", "menuvo-password-1"),
        ("APP_DB_PASSWORD", "aaaaaaaaaaaaaaaaaaaa"),
        ("BESZEL_USER_PASSWORD", "1234567890123"),
        ("S3_SECRET_ACCESS_KEY", "CHANGEME"),
        ("BACKUP_S3_ACCESS_KEY_ID", "your-key id"),
    ],
)
def test_a_value_that_cannot_be_right_is_named_with_a_right_one(name: str, value: str) -> None:
    found = [f for f in check_values(values(**{name: value})) if f.severity == "error"]
    assert [f.name for f in found] == [name]
    assert VARIABLES[name].looks_like in found[0].remedy
    if VARIABLES[name].secret:
        assert value not in found[0].problem


@pytest.mark.parametrize("name", [n for n, variable in VARIABLES.items() if variable.secret])
def test_no_finding_shows_a_secret(name: str) -> None:
    for value in ("s3cr\tet", "s3cret " * 9, "\ns3cret"):
        told = "\n".join(map(str, check_values(values(**{name: value}))))
        assert "s3cr" not in told


def test_acme_needs_an_address_and_a_domain_that_the_authority_can_reach() -> None:
    assert findings(ACME_EMAIL="") == [("ACME_EMAIL", "is missing")]
    for domain in ("localhost", "menuvo", "shop.local", "shop.test", "192.0.2.1"):
        told = f"is not public: {domain!r}, so TLS_MODE=acme gets no certificate for it"
        assert findings(DOMAIN=domain) == [("DOMAIN", told)]
    assert findings(DOMAIN="localhost", TLS_MODE="internal", ACME_EMAIL="") == []


def test_origin_needs_two_files_that_can_be_read(tmp_path: Path) -> None:
    missing = [("ORIGIN_CERTIFICATE_FILE", "is missing"), ("ORIGIN_KEY_FILE", "is missing")]
    assert findings(TLS_MODE="origin") == missing
    certificate, _ = make_certificate(tmp_path, "menuvo.app", "*.menuvo.app")
    files = {"ORIGIN_CERTIFICATE_FILE": str(certificate), "ORIGIN_KEY_FILE": str(tmp_path)}
    told = [("ORIGIN_KEY_FILE", f"cannot be read: {tmp_path}")]
    assert findings(TLS_MODE="origin", **files) == told


def test_origin_needs_a_certificate_that_serves_all_four_hosts(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path, "menuvo.app", "*.menuvo.app")
    files = {"ORIGIN_CERTIFICATE_FILE": str(certificate), "ORIGIN_KEY_FILE": str(key)}
    assert findings(TLS_MODE="origin", **files) == []
    ((name, problem),) = findings(TLS_MODE="origin", DOMAIN="menuvo.org", **files)
    assert name == "ORIGIN_CERTIFICATE_FILE"
    assert "does not serve the site: for menuvo.org: Hostname mismatch" in problem


@pytest.mark.parametrize("bucket", ["S3_BUCKET", "S3_FILES_BUCKET"])
def test_backups_have_a_bucket_of_their_own(bucket: str) -> None:
    told = f"is the same bucket as {bucket}: what destroys one destroys both"
    same = {"BACKUP_S3_BUCKET": COMPLETE[bucket]}
    assert findings(**same) == [("BACKUP_S3_BUCKET", told)]
    assert findings(**same, BACKUP_S3_ENDPOINT="https://s3.example.org") == []


def test_private_files_have_a_bucket_of_their_own() -> None:
    ((name, _),) = findings(S3_FILES_BUCKET="menuvo")
    assert name == "S3_FILES_BUCKET"


def test_one_key_for_pictures_and_backups_is_a_warning() -> None:
    ((name, _),) = findings("warning", BACKUP_S3_ACCESS_KEY_ID="S3KEYID")
    assert name == "BACKUP_S3_ACCESS_KEY_ID"


def test_stripe_s_keys_are_both_live_or_both_test() -> None:
    told = [("STRIPE_PUBLISHABLE_KEY", "and STRIPE_SECRET_KEY are not both live or both test keys")]
    assert findings(STRIPE_SECRET_KEY="sk_test_51abc") == told
    test = {"STRIPE_SECRET_KEY": "rk_test_1", "STRIPE_PUBLISHABLE_KEY": "pk_test_1"}
    assert findings(**test) == []


def test_half_a_stripe_is_an_error_and_none_is_a_warning() -> None:
    assert findings(STRIPE_SECRET_KEY="") == [("STRIPE_SECRET_KEY", "is missing")]
    assert findings(STRIPE_WEBHOOK_SECRET="") == [("STRIPE_WEBHOOK_SECRET", "is missing")]
    none = dict.fromkeys((name for name in VARIABLES if name.startswith("STRIPE_")), "")
    assert findings(**none) == []
    ((name, _),) = findings("warning", **none)
    assert name == "STRIPE_SECRET_KEY"


def test_a_bot_needs_a_chat_and_a_chat_a_bot() -> None:
    assert findings(GATUS_TELEGRAM_TOKEN="") == [("GATUS_TELEGRAM_TOKEN", "is missing")]
    assert findings(GATUS_TELEGRAM_CHAT_ID="") == [("GATUS_TELEGRAM_CHAT_ID", "is missing")]


def test_an_operator_whom_nobody_would_tell_is_warned() -> None:
    silent = {"GATUS_TELEGRAM_TOKEN": "", "GATUS_TELEGRAM_CHAT_ID": "", "ALERT_WEBHOOK_URL": ""}
    ((name, _),) = findings("warning", **silent)
    assert name == "GATUS_TELEGRAM_TOKEN"
    ((name, _),) = findings("warning", DEADMAN_URL="")
    assert name == "DEADMAN_URL"
    assert findings("warning", ALERT_WEBHOOK_URL="") == []


def test_a_misspelt_key_of_the_seal_is_found_and_the_secret_one_is_not_shown() -> None:
    one, other = new_identity(), misspelt(recipient_of(new_identity()) or "")
    told = [("BACKUP_AGE_RECIPIENT", f"is misspelt: {other!r}")]
    assert findings(BACKUP_AGE_RECIPIENT=f"{recipient_of(one)}, {other}") == told
    assert findings(BACKUP_AGE_IDENTITY=misspelt(one)) == [("BACKUP_AGE_IDENTITY", "is misspelt")]
    ((name, problem),) = findings(BACKUP_AGE_IDENTITY="hunter2")
    assert (name, problem) == ("BACKUP_AGE_IDENTITY", "is malformed")


def misspelt(key: str) -> str:
    """In its last sign, which is of its own alphabet still."""
    q, p = ("q", "p") if key.islower() else ("Q", "P")
    return key[:-1] + (p if key[-1] == q else q)


def test_an_identity_has_to_open_what_the_recipient_seals() -> None:
    old, new = new_identity(), new_identity()
    recipients = f"{recipient_of(new)} {recipient_of(new_identity())}"
    assert findings(BACKUP_AGE_RECIPIENT=recipients, BACKUP_AGE_IDENTITY=f"{new} {old}") == []
    ((name, problem),) = findings(BACKUP_AGE_RECIPIENT=recipients, BACKUP_AGE_IDENTITY=old)
    assert name == "BACKUP_AGE_IDENTITY"
    assert (recipient_of(old) or "?") in problem
    assert old not in problem
    assert findings(BACKUP_AGE_RECIPIENT="", BACKUP_AGE_IDENTITY=old) == []


def test_who_keeps_the_identity_elsewhere_is_told_what_it_costs() -> None:
    assert findings("warning", BACKUP_AGE_IDENTITY="") == [
        (
            "BACKUP_AGE_IDENTITY",
            "is empty: this server can restore nothing from the bucket, nor try it",
        )
    ]
    assert findings("warning", BACKUP_AGE_RECIPIENT="", BACKUP_AGE_IDENTITY="") == []


def test_the_halves_of_the_hub_s_key_belong_together() -> None:
    private, public = key_pair()
    assert findings(BESZEL_HUB_KEY=private, BESZEL_AGENT_KEY=f"{public} the hub") == []
    told = [("BESZEL_AGENT_KEY", "is not the public half of BESZEL_HUB_KEY")]
    assert findings(BESZEL_HUB_KEY=private) == told


def test_a_public_half_alone_is_a_mistake_and_the_remedy_fetches_the_other_one(
    tmp_path: Path,
) -> None:
    """The command is run as it is printed, with a hub that has the key and no shell."""
    (finding,) = check_values(values(BESZEL_HUB_KEY=""))
    assert (finding.severity, finding.name) == ("error", "BESZEL_HUB_KEY")
    (command,) = re.findall(r"docker cp .*? --from /dev/stdin", finding.remedy)
    (tmp_path / "id_ed25519").write_text(HUB_KEY)
    (tmp_path / "docker").write_text(
        f'#!/bin/sh\n[ "$*" = "cp CONTAINER:/beszel_data/id_ed25519 -" ] || exit 1\n'
        f"tar -cf - -C {tmp_path} id_ed25519\n"
    )
    write_env(tmp_path, BESZEL_HUB_KEY="")
    menuvo = Path(sys.executable).with_name("menuvo")
    (tmp_path / "menuvo").write_text(f'#!/bin/sh\nexec {menuvo} "$@" --directory {tmp_path}\n')
    for program in ("docker", "menuvo"):
        (tmp_path / program).chmod(0o755)
    subprocess.run(
        ["sh", "-euc", command],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "secrets/beszel_hub_key").read_text() == HUB_KEY


def test_a_rotation_that_is_not_ended_and_a_secret_of_before_are_brought_to_mind() -> None:
    for name, does in (("NEXT", "does not sign yet"), ("PREVIOUS", "is still believed")):
        ((found, problem),) = findings(
            "warning", **{f"AUTH_SECRET_{name}": COMPLETE["AUTH_SECRET"]}
        )
        assert found == f"AUTH_SECRET_{name}"
        assert problem.startswith(does)


def test_a_machine_without_data_about_time_zones_says_so_and_lets_it_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def exists(_name: str) -> None:
        return None

    monkeypatch.setattr(zones, "exists", exists)
    ((name, problem),) = findings("warning")
    assert (name, "no data" in problem) == ("TIME_ZONE", True)
    assert findings() == []


def test_the_generated_values_are_right_by_the_same_rules() -> None:
    for variable in VARIABLES.values():
        if variable.make:
            made = Redacted(variable.make(values()))
            assert check_values(values() | {variable.name: made}) == []
            assert text({variable.name: made}, variable.name)


def test_the_defaults_are_right_by_the_same_rules() -> None:
    defaults = {n: v.default for n, v in VARIABLES.items() if v.default}
    assert findings(**defaults) == []


def test_a_finding_is_a_sentence_and_what_to_do() -> None:
    assert str(Finding("DOMAIN", "is missing", "Set it.")) == "DOMAIN is missing. Set it."
