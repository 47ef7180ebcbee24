"""Files that are whole or not there, whenever the power goes."""

import os
from pathlib import Path


def write_if_changed(file: Path, content: bytes, *, mode: int) -> bool:
    """Return whether the content was another one. The mode is mended either way."""
    if file.is_file() and not file.is_symlink() and file.read_bytes() == content:
        file.chmod(mode)
        return False
    write(file, content, mode=mode)
    return True


def write(file: Path, content: bytes, *, mode: int) -> None:
    """Replace `file` in one step; what fails leaves the old one."""
    file = file.resolve()
    partial = file.with_name(f"{file.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
            to.write(content)
            to.flush()
            os.fchmod(to.fileno(), mode)
            os.fsync(to.fileno())
        partial.replace(file)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def provide_folder(folder: Path, *, mode: int) -> None:
    """The mode is set whatever the umask says."""
    folder.mkdir(mode=mode, exist_ok=True)
    folder.chmod(mode)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
