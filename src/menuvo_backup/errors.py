"""What can go wrong with a backup, for a person to read.

BackupError
|-- Refused              no run was begun
|   |-- SettingsError    the environment is incomplete or malformed; lists every mistake
|   |-- Busy             another run holds the lock
|   |-- NothingToUpload  there is no backup that lies only here
|   |-- NothingToCompare a backup does not say what was in it
|   |-- NoSuchBackup     none has that id
|   |-- NoList           a backup has no list of the platform's objects, or there is no copy
|   |-- NoSuchMoment     what was typed is no moment, or may be two
|   |-- OutsideWindow    nothing in the bucket leads to that moment
|   `-- NothingKept      no restore kept a database
|-- Refuted              the backup is proved to be none
|   |-- DumpDamaged      what is there is not what was dumped, or nothing is there
|   |-- RestoreFailed    pg_restore refused it
|   `-- ContentsDiffer   restored, it has other rows than the database had
|-- NoSpace              the disk does not hold one more dump, or was full in the middle of one
|-- DatabaseUnusable     the database could not be asked: not reached, refused, a wrong password
|-- ProgramMissing       the image lacks a program of PostgreSQL's or age's
|-- DumpToolTooOld       pg_dump is older than the server
|-- DumpFailed           pg_dump or pg_dumpall ended with an error
|-- SealingFailed        age did not seal what was to go into the bucket
|-- NotOpened            what was sealed could not be opened, and nothing says that it is damaged
|   |-- KeyMissing       there is no identity here
|   `-- WrongKey         the identity is that of none of its recipients
|-- BucketFailed         the bucket refused or was not reached
|   `-- UploadFailed     it did so while a backup was sent, or holds something else afterwards
|-- ObjectsFailed        pictures and files could not be listed or copied
|-- ThrowawayFailed      the PostgreSQL to verify in did not start
|-- WalDamaged           a piece of the log, or a base backup, is not what was sent
|-- SegmentDiffers       the archive has another segment of the same name
|-- NotOurArchive        another server archives to the same place
|-- ReceiverFailed       pg_receivewal ended, or the server refuses it
|-- BaseFailed           pg_basebackup ended with an error
|-- RecoveryFailed       PostgreSQL did not reach the moment, or its data is not sound
|-- InUse                somebody is connected to the database that is to be replaced
|-- ServerLost           the server to restore into went away in the middle
|-- Abandoned            a run was killed before it could say why
`-- Unexpected           none of these: the disk refused, or we made a mistake
"""

from collections.abc import Sequence


class BackupError(Exception):
    """A sentence about what happened, and a hint about what to do next."""

    exit_code: int = 1

    def __init__(self, cause: str, *, hint: str = "") -> None:
        super().__init__(f"{cause} {hint}".rstrip())
        self.cause: str = cause
        self.hint: str = hint


class Refused(BackupError):
    pass


class SettingsError(Refused):
    exit_code: int = 2

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n  ".join(["The environment is not complete:", *problems]))
        self.problems: tuple[str, ...] = tuple(problems)


class Busy(Refused):
    exit_code: int = 4


class NoSpace(BackupError):
    pass


class DatabaseUnusable(BackupError):
    pass


class ProgramMissing(BackupError):
    pass


class DumpToolTooOld(BackupError):
    pass


class DumpFailed(BackupError):
    pass


class SealingFailed(BackupError):
    pass


class NotOpened(BackupError):
    pass


class KeyMissing(NotOpened):
    pass


class WrongKey(NotOpened):
    pass


class BucketFailed(BackupError):
    pass


class UploadFailed(BucketFailed):
    pass


class ObjectsFailed(BackupError):
    pass


class ThrowawayFailed(BackupError):
    pass


class ServerLost(BackupError):
    pass


class Refuted(BackupError):
    pass


class DumpDamaged(Refuted):
    pass


class RestoreFailed(Refuted):
    pass


class ContentsDiffer(Refuted):
    pass


class Unexpected(BackupError):
    pass


class NothingToUpload(Refused):
    pass


class NothingToCompare(Refused):
    pass


class NoSuchBackup(Refused):
    pass


class NoList(Refused):
    pass


class NoSuchMoment(Refused):
    exit_code: int = 2


class OutsideWindow(Refused):
    pass


class WalDamaged(BackupError):
    pass


class SegmentDiffers(BackupError):
    pass


class NotOurArchive(BackupError):
    pass


class ReceiverFailed(BackupError):
    pass


class BaseFailed(BackupError):
    pass


class RecoveryFailed(BackupError):
    pass


class NothingKept(Refused):
    pass


class InUse(BackupError):
    pass


class Abandoned(BackupError):
    pass


def explained(error: Exception) -> BackupError:
    """Whatever it is, with a sentence and a hint."""
    if isinstance(error, BackupError):
        return error
    return Unexpected(
        f"{type(error).__name__}: {error}.", hint="If it comes again, report it with this line."
    )
