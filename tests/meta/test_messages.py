"""Every word of the interface exists in every language."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import menuvo_platform
from menuvo_platform.errors import DomainError
from menuvo_platform.web.catalogue import LOCALES, Catalogues

SOURCE = Path(menuvo_platform.__file__).parent
GERMAN, ENGLISH = Catalogues().of("de").messages, Catalogues().of("en").messages
_IN_TEMPLATES = re.compile(r"""\bt\(\s*["']([a-z0-9_.]+)["']""")
_IN_CODE = re.compile(r"""\btext\(\s*"([a-z0-9_]+(?:\.[a-z0-9_]+)+)\"""")
_PLACEHOLDER = re.compile(r"\{(\w+)[^}]*\}")
STATUSES = (401, 403, 404, 405, 409, 413, 422, 429, 500, 503, 507)


def domain_errors(base: type[DomainError] = DomainError) -> list[type[DomainError]]:
    return [base, *(error for child in base.__subclasses__() for error in domain_errors(child))]


def import_everything() -> None:
    for module in pkgutil.walk_packages(menuvo_platform.__path__, "menuvo_platform."):
        if ".migrations." not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def used_ids() -> set[str]:
    ids = {
        found
        for path in SOURCE.rglob("*.html")
        for found in _IN_TEMPLATES.findall(path.read_text())
    }
    for path in SOURCE.rglob("*.py"):
        ids.update(_IN_CODE.findall(path.read_text()))
    return ids


def test_both_catalogues_have_the_same_messages() -> None:
    assert GERMAN.keys() == ENGLISH.keys()


def test_the_facts_of_a_message_are_the_same_in_both_languages() -> None:
    def facts(message: object) -> set[str]:
        return set(_PLACEHOLDER.findall(str(message)))

    differing = [name for name in GERMAN if facts(GERMAN[name]) != facts(ENGLISH[name])]
    assert differing == []


def test_no_message_is_empty_or_its_own_id() -> None:
    for messages in (GERMAN, ENGLISH):
        for name, message in messages.items():
            forms = [message] if isinstance(message, str) else message
            assert all(form and form != name for form in forms), name


@pytest.mark.parametrize("message_id", sorted(used_ids()))
def test_a_message_that_is_used_exists(message_id: str) -> None:
    # An id that ends with a dot is put together with a value; its family must exist.
    if message_id.endswith("."):
        assert [name for name in GERMAN if name.startswith(message_id)]
    else:
        assert message_id in GERMAN


def test_every_domain_error_has_its_sentence_and_its_status_a_title() -> None:
    import_everything()
    errors = domain_errors()
    assert {error.status for error in errors} <= set(STATUSES)
    assert {f"error.{error.code}" for error in errors} <= GERMAN.keys()
    for status in STATUSES:
        assert {f"error.title.{status}", f"error.next.{status}"} <= GERMAN.keys()


def test_the_german_of_the_interface_says_sie() -> None:
    informal = re.compile(r"\b(du|dein|deine|deinen|dir|dich)\b")
    assert [name for name, message in GERMAN.items() if informal.search(str(message))] == []


def test_each_language_has_the_same_files() -> None:
    files = [sorted(path.name for path in (LOCALES / lang).glob("*.po")) for lang in ("de", "en")]
    assert files[0] == files[1]
