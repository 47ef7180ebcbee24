#!/bin/bash
# What production relies on of the official image's entry point, and no more.
set -Eeuo pipefail
shopt -s nullglob

fail() { printf 'Error: %s\n' "$*" >&2; exit 1; }

become_postgres() {
    mkdir -p "$PGDATA"
    chown -R postgres:postgres "$PGDATA"
    chmod 0700 "$PGDATA"
    chown postgres:postgres /var/run/postgresql
    chmod 3775 /var/run/postgresql
    exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
}

refuse_older_clusters() {
    for version in /var/lib/postgresql{,/data,/*/docker,/*/data}/PG_VERSION; do
        [ ! -s "$version" ] ||
            fail "there is a database of PostgreSQL $(cat "$version") in ${version%/*}; it must be upgraded first."
    done
}

initialise() {
    local password=${POSTGRES_PASSWORD:-}
    [ -z "${POSTGRES_PASSWORD_FILE:-}" ] || password=$(<"$POSTGRES_PASSWORD_FILE")
    [ -n "$password" ] || fail "Database is uninitialized and superuser password is not specified."
    : "${POSTGRES_USER:=postgres}" "${POSTGRES_DB:=$POSTGRES_USER}"
    # Its words are arguments, quoted as in a shell.
    eval "initdb --username=\"\$POSTGRES_USER\" --pwfile=<(printf '%s\n' \"\$password\") ${POSTGRES_INITDB_ARGS:-}"
    printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
    pg_ctl --pgdata="$PGDATA" --wait start --options="$(printf '%q ' "${@:2}" -c listen_addresses=)"
    export POSTGRES_USER POSTGRES_DB PGPASSWORD=$password
    if [ -z "$(ask --dbname=postgres <<<"SELECT 1 FROM pg_database WHERE datname = :'name'")" ]; then
        ask --dbname=postgres <<<'CREATE DATABASE :"name"'
    fi
    for file in /docker-entrypoint-initdb.d/*; do run_file "$file"; done
    pg_ctl --pgdata="$PGDATA" --wait --mode=fast stop
    unset PGPASSWORD
}

ask() {
    psql --set=ON_ERROR_STOP=1 --no-psqlrc --username="$POSTGRES_USER" --no-password \
        --tuples-only --no-align --quiet --set=name="$POSTGRES_DB" "$@"
}

run_file() {
    printf '%s: running %s\n' "$0" "$1"
    # Which files there are is known to whoever mounts the folder.
    # shellcheck disable=SC1090
    case $1 in
        *.sh) if [ -x "$1" ]; then "$1"; else . "$1"; fi ;;
        *.sql) ask --dbname="$POSTGRES_DB" --file="$1" ;;
        *.sql.gz) gunzip --stdout "$1" | ask --dbname="$POSTGRES_DB" ;;
        *) printf '%s: ignoring %s\n' "$0" "$1" ;;
    esac
}

case ${1:-} in -*) set -- postgres "$@" ;; esac
if [ "${1:-}" = postgres ]; then
    [ "$(id -u)" != 0 ] || become_postgres "$@"
    if [ ! -s "$PGDATA/PG_VERSION" ]; then
        refuse_older_clusters
        initialise "$@"
    fi
fi
exec "$@"
