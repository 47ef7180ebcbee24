"""Programs called go and npm, which do in no time what those need minutes for."""

import shutil
from pathlib import Path

import pytest

# `list` prints all that a program is made of, `build` what it compiles. A hub is only built where
# its pages were made.
GO = """#!/bin/sh
folder= output=
for argument; do
    case $before in -C) folder=$argument ;; -o) output=$argument ;; esac
    before=$argument
done
case $1 in
env) echo go1.26.8 ;;
list) echo "go: downloading example.org/one v1.0.0" >&2; printf 'one\\ntwo\\nthree\\n' ;;
mod) case $2 in
    download) echo "{{\\"Dir\\": \\"{folder}/module\\"}}" ;;
    edit) cp -r "$folder" "{folder}/pins" ;;
    esac ;;
build)
    printf 'one\\ntwo\\n' >&2
    {trouble}
    case $output in
    */beszel) cp "$folder/../beszel/internal/site/dist" "$output" ;;
    *) echo "built of $folder" >"$output" ;;
    esac ;;
esac
"""
NPM = """#!/bin/sh
case $1 in
ci) touch "$3/installed" ;;
run) [ -e "$3/installed" ] && echo pages >"$3/dist" ;;
esac
"""
# Of the system: what the scripts need, and what ties a program to our life.
_TOOLS = ("cp", "setpriv", "sh", "sleep", "ssh-keygen", "touch")


def toolchain_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, npm: bool = True, trouble: str = ":"
) -> Path:
    """Nothing else is on the PATH; `trouble` is a line of shell in the middle of each build."""
    site = folder / "module/internal/site"
    site.mkdir(parents=True)
    (site / "package.json").touch()
    programs = folder / "bin"
    programs.mkdir()
    for name in _TOOLS:
        (programs / name).symlink_to(shutil.which(name) or name)
    _install(programs / "go", GO.format(folder=folder, trouble=trouble))
    if npm:
        _install(programs / "npm", NPM)
    # As Go's own cache is.
    for path in (site / "package.json", site, site.parent, site.parent.parent):
        path.chmod(path.stat().st_mode & ~0o222)
    monkeypatch.setenv("PATH", str(programs))
    return programs


def _install(program: Path, text: str) -> None:
    program.write_text(text)
    program.chmod(0o755)
