#!/bin/sh
# Runs before the image's own entrypoint. It refuses what would look like an empty or broken
# database: a volume that was swapped, another major version, another C library.
#
#   $volume/18/docker            where the image keeps the data (PGDATA)
#   $volume/.menuvo-libc         which C library sorted the indexes
#   /var/lib/menuvo/cluster      outside the volume: the system identifier of this server's database
set -eu

volume=/var/lib/postgresql
data=${PGDATA:?the image sets it}
state=/var/lib/menuvo

refuse() {
    printf 'menuvo: PostgreSQL is not started: %s\n' "$1" >&2
    printf 'menuvo: %s\n' "$2" >&2
    exit 78
}

libc() {
    # musl's loader names itself; glibc answers getconf.
    if ls /lib/ld-musl-* >/dev/null 2>&1; then echo musl; else echo glibc; fi
}

other_major_version() {
    for mark in "$volume"/*/docker/PG_VERSION "$volume"/data/PG_VERSION "$volume"/PG_VERSION; do
        [ "$mark" = "$data/PG_VERSION" ] || [ ! -e "$mark" ] || cat "$mark"
    done
}

system_identifier() {
    LC_ALL=C pg_controldata -D "$data" | sed -n 's/^Database system identifier: *//p'
}

expected=$(cat "$state/cluster" 2>/dev/null || true)

if [ ! -s "$data/PG_VERSION" ]; then
    other=$(other_major_version)
    [ -z "$other" ] || refuse \
        "the volume holds a database of PostgreSQL $other, and this is another major version." \
        "Nothing was changed. Set POSTGRES_IMAGE in .env to postgres:$other-alpine and start again."
    [ -z "$expected" ] || refuse \
        "the volume is empty, but this server has a database (system $expected)." \
        "Mount the right volume. To begin anew on purpose, delete state/postgres/cluster."
else
    made_with=$(cat "$volume/.menuvo-libc" 2>/dev/null || libc)
    [ "$made_with" = "$(libc)" ] || refuse \
        "the database was made with $made_with, and this image is built on $(libc)." \
        "They sort text differently, which breaks indexes without a word. Use an image on $made_with."
    found=$(system_identifier)
    [ -z "$expected" ] || [ "$expected" = "$found" ] || refuse \
        "the volume holds another database (system $found) than this server's (system $expected)." \
        "Mount the right volume. To keep this one on purpose, delete state/postgres/cluster."
    printf '%s\n' "$found" >"$state/cluster"
fi

libc >"$volume/.menuvo-libc"
# For first-start/10-remember.sh, which runs as the user postgres when a cluster has been made.
chown postgres "$state"
exec docker-entrypoint.sh "$@"
