"""A release file that is no good says so, and what to do."""

import json
import zipfile
from pathlib import Path

import pytest

from menuvo_ops.errors import BundleUnreadable
from menuvo_ops.shipping import bundle
from menuvo_ops.shipping.layout import INFRA, MANIFEST
from menuvo_ops.shipping.packing import pack

CHECKOUT = Path(__file__).parents[3]
GOOD = {
    "version": "v",
    "created": "unknown",
    "images": {"platform": "v", "caddy": "c", "backup": "b"},
}


def archive(path: Path, manifest: object, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as written:
        written.writestr(MANIFEST, json.dumps(manifest))
        for name, content in members.items():
            written.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("manifest", "complaint"),
    [
        ([], "is no object"),
        ({**GOOD, "version": ""}, "names no version"),
        ({**GOOD, "images": None}, "names no images"),
        ({**GOOD, "images": {"platform": "v", "caddy": "c"}}, "names no backup"),
    ],
)
def test_a_manifest_with_a_gap_is_refused(tmp_path: Path, manifest: object, complaint: str) -> None:
    with pytest.raises(BundleUnreadable, match=complaint) as refusal:
        bundle.read(archive(tmp_path / "menuvo.pyz", manifest))
    assert "Fetch it again" in refusal.value.hint


def test_another_zip_file_is_no_release(tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as written:
        written.writestr("a", "b")
    with pytest.raises(BundleUnreadable, match="is no release file of Menuvo"):
        bundle.read(other)


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "caddy/../../x"])
def test_a_file_that_leads_out_of_its_folder_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(BundleUnreadable, match="leads out of its folder"):
        bundle.read(archive(tmp_path / "menuvo.pyz", GOOD, **{INFRA + path: "x"}))


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(BundleUnreadable, match="There is no file"):
        bundle.read(tmp_path / "menuvo.pyz")


def test_one_flipped_byte_is_seen(tmp_path: Path) -> None:
    pyz = tmp_path / "menuvo.pyz"
    pack(CHECKOUT, "v", pyz)
    content = bytearray(pyz.read_bytes())
    place = content.index((CHECKOUT / "infra/redis/redis.conf").read_bytes()[:80])
    content[place + 20] ^= 1
    pyz.write_bytes(content)
    with pytest.raises(BundleUnreadable, match="is damaged"):
        bundle.read(pyz)


def test_a_file_that_was_cut_short_is_seen(tmp_path: Path) -> None:
    pyz = tmp_path / "menuvo.pyz"
    pack(CHECKOUT, "v", pyz)
    pyz.write_bytes(pyz.read_bytes()[:-3000])
    with pytest.raises(BundleUnreadable, match="is damaged"):
        bundle.read(pyz)
