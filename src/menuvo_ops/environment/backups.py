"""The names of the environment that say how backups are made."""

from menuvo_ops.environment.needs import NEVER, together_with
from menuvo_ops.environment.shapes import (
    BUCKET,
    ENDPOINT,
    FOLDER,
    HEADER,
    KEY,
    R2,
    REGION,
    generated,
)
from menuvo_ops.environment.variable import Variable

# In Bech32, whose checksum is looked at by itself.
_AGE_RECIPIENT = "age1[ac-hj-np-z02-9]{58}"
_AGE_IDENTITY = "AGE-SECRET-KEY-1[AC-HJ-NP-Z02-9]{58}"

BACKUPS = (
    Variable(
        "BACKUP_S3_ENDPOINT", "Where backups go.", f"{R2}, a URL without the bucket", ENDPOINT
    ),
    Variable(
        "BACKUP_S3_REGION",
        "Its region; `auto` for R2.",
        "auto or eu-central-1",
        REGION,
        default="auto",
    ),
    Variable(
        "BACKUP_S3_ACCESS_KEY_ID",
        "A key that can write and read there, and not delete.",
        "the key's id, without spaces",
        KEY,
        secret=True,
        file="backup_s3_access_key_id",
        goes_with="BACKUP_S3_SECRET_ACCESS_KEY",
    ),
    Variable(
        "BACKUP_S3_SECRET_ACCESS_KEY",
        "The secret half of that key.",
        "the key's secret, without spaces",
        KEY,
        secret=True,
        file="backup_s3_secret_access_key",
    ),
    Variable(
        "BACKUP_S3_BUCKET", "A bucket for backups and nothing else.", "menuvo-backups", BUCKET
    ),
    Variable(
        "BACKUP_S3_PREFIX",
        "The folder in it.",
        "menuvo",
        rf"{FOLDER}(?:/{FOLDER})*/?",
        default="menuvo",
    ),
    Variable(
        "BACKUP_AGE_RECIPIENT",
        "For whom everything in that bucket is sealed, by age; empty, and nothing is sealed."
        " `menuvo env init --seal` makes a pair.",
        "age1... (58 letters and digits), or several with spaces between",
        rf"{_AGE_RECIPIENT}(?:[ ,]+{_AGE_RECIPIENT})*",
        NEVER,
        goes_with="BACKUP_AGE_IDENTITY",
    ),
    Variable(
        "BACKUP_AGE_IDENTITY",
        "Opens what is sealed for that recipient; behind it, those of earlier ones. Whoever loses"
        " it loses the bucket: keep it elsewhere too.",
        "AGE-SECRET-KEY-1... (58 letters and digits)",
        rf"{_AGE_IDENTITY}(?:[ ,]+{_AGE_IDENTITY})*",
        NEVER,
        secret=True,
        file="backup_age_identity",
    ),
    Variable(
        "BACKUP_KEEP_DAYS",
        "How many days the server keeps its own copies.",
        "a number of days from 1 to 999",
        r"[1-9][0-9]{0,2}",
        default="7",
    ),
    Variable(
        "BACKUP_CRON",
        "When the nightly backup begins, in `TIME_ZONE`.",
        "'30 3 * * *' (minute, hour, day, month, weekday)",
        default="30 3 * * *",
    ),
    Variable(
        "BACKUP_VERIFY",
        "Whether a backup counts only once it was restored for trial (`menuvo backup verify`);"
        " switch it on where something does that every night.",
        "true or false",
        r"true|false",
        default="false",
    ),
    Variable(
        "BACKUP_WAL",
        "Whether the write-ahead log goes to the bucket as it is written, so that any moment can be"
        " recovered; `auto` does it.",
        "auto, on or off",
        r"auto|on|off",
        default="auto",
    ),
    Variable(
        "BACKUP_BASE_CRON",
        "When the base backup begins from which the log leads on, in `TIME_ZONE`.",
        "'30 4 * * 0' (minute, hour, day, month, weekday)",
        default="30 4 * * 0",
    ),
    Variable(
        "BACKUP_WINDOW_DAYS",
        "How many days back a moment must be recoverable; the bucket's lifecycle rule keeps nine"
        " days more.",
        "a number of days from 1 to 999",
        r"[1-9][0-9]{0,2}",
        default="14",
    ),
    Variable(
        "BACKUP_OBJECTS_S3_ENDPOINT",
        "A second place for pictures and files: what it lacks is copied there with each backup.",
        f"{R2}, a URL without the bucket",
        ENDPOINT,
        together_with("BACKUP_OBJECTS_S3_BUCKET"),
    ),
    Variable(
        "BACKUP_OBJECTS_S3_REGION",
        "Its region; `auto` for R2.",
        "auto or eu-central-1",
        REGION,
        default="auto",
    ),
    Variable(
        "BACKUP_OBJECTS_S3_BUCKET",
        "A bucket for these copies and nothing else. Without one, none are made.",
        "menuvo-copies",
        BUCKET,
        together_with("BACKUP_OBJECTS_S3_ENDPOINT", "BACKUP_OBJECTS_S3_ACCESS_KEY_ID"),
    ),
    Variable(
        "BACKUP_OBJECTS_S3_ACCESS_KEY_ID",
        "A key that can write and read there, and not delete.",
        "the key's id, without spaces",
        KEY,
        together_with("BACKUP_OBJECTS_S3_BUCKET"),
        secret=True,
        file="backup_objects_s3_access_key_id",
        goes_with="BACKUP_OBJECTS_S3_SECRET_ACCESS_KEY",
    ),
    Variable(
        "BACKUP_OBJECTS_S3_SECRET_ACCESS_KEY",
        "The secret half of that key.",
        "the key's secret, without spaces",
        KEY,
        together_with("BACKUP_OBJECTS_S3_BUCKET"),
        secret=True,
        file="backup_objects_s3_secret_access_key",
    ),
    generated(
        "BACKUP_MONITOR_TOKEN",
        "Proves to Gatus that it is the backup service who tells how backups are doing.",
        file="backup_monitor_token",
        shortest=32,
        pattern=HEADER,
    ),
)
