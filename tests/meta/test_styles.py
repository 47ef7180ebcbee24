"""What is committed below web/static is what its sources give."""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

import pytest

CHECKOUT = Path(__file__).parents[2]
STYLES = CHECKOUT / "src/menuvo_platform/web/styles"
STATIC = CHECKOUT / "src/menuvo_platform/web/static"
SHOP_CSS_BUDGET_BYTES = 14_000

# What the content security policy refuses at run time.
INLINE_CODE = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style\b|javascript:|<script(?![^>]*(\bsrc=|application/ld\+json))""",
    re.IGNORECASE,
)


class Vendored(TypedDict):
    package: str
    version: str
    license: str
    sha256: str


class LockedPackage(TypedDict, total=False):
    version: str
    resolved: str
    integrity: str
    inBundle: bool


def vendored_files() -> dict[str, Vendored]:
    return json.loads((STATIC / "vendor/manifest.json").read_text())


def locked_packages() -> dict[str, LockedPackage]:
    return json.loads((STYLES / "package-lock.json").read_text())["packages"]


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("npm") is None and os.environ.get("CI") != "true":
        pytest.skip("npm is missing; CI proves that the style sheets are current")
    output = tmp_path_factory.mktemp("styles")
    subprocess.run([STYLES / "build", output], check=True, timeout=300)
    return output


@pytest.mark.parametrize("name", ["shop.css", "console.css", "vendor/htmx.min.js"])
def test_the_committed_file_is_what_the_build_gives(rebuilt: Path, name: str) -> None:
    assert (STATIC / name).read_bytes() == (rebuilt / name).read_bytes(), (
        f"{name} is not current: run src/menuvo_platform/web/styles/build and commit the result"
    )


def test_the_shop_style_sheet_is_small(record_property: Callable[[str, object], None]) -> None:
    compressed = len(gzip.compress((STATIC / "shop.css").read_bytes(), 9, mtime=0))
    record_property("shop_css_gzip_bytes", compressed)
    assert compressed <= SHOP_CSS_BUDGET_BYTES


def test_every_vendored_file_has_its_recorded_hash() -> None:
    recorded = {name: entry["sha256"] for name, entry in vendored_files().items()}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (STATIC / "vendor").glob("*.js")
    }
    assert found == recorded


def test_every_vendored_file_names_the_locked_version() -> None:
    locked = locked_packages()
    for name, entry in vendored_files().items():
        assert locked[f"node_modules/{entry['package']}"].get("version") == entry["version"], name


def test_the_lock_file_names_no_registry_but_the_public_one() -> None:
    hosts = {
        urlsplit(package["resolved"]).hostname
        for package in locked_packages().values()
        if "resolved" in package
    }
    assert hosts <= {"registry.npmjs.org"}


def test_every_downloaded_package_has_a_checksum() -> None:
    downloaded = {
        name: package
        for name, package in locked_packages().items()
        if name.startswith("node_modules/") and not package.get("inBundle")
    }
    assert downloaded
    assert [name for name, package in downloaded.items() if "integrity" not in package] == []


@pytest.mark.parametrize(
    "forbidden",
    [
        '<p style="color: red">',
        '<a onclick="go()">',
        "<style>",
        "<script>go()</script>",
        "<a href='javascript:go()'>",
    ],
)
def test_inline_code_is_recognised(forbidden: str) -> None:
    assert INLINE_CODE.search(forbidden)


def test_no_template_carries_inline_style_or_script() -> None:
    templates = sorted((CHECKOUT / "src/menuvo_platform").rglob("templates/**/*.html"))
    assert templates
    found = {
        str(template.relative_to(CHECKOUT)): match.group(0)
        for template in templates
        if (match := INLINE_CODE.search(template.read_text()))
    }
    assert found == {}
