#!/bin/sh
# Moves whole databases within the volume while PostgreSQL stands still: what `menuvo restore --at`
# and `menuvo rebuild` ask, in a container like PostgreSQL's own. Within one volume a move is a rename, whatever its
# size, and every verb may be repeated after it was cut off anywhere.
#
#   $volume/18/docker            the database that serves (PGDATA)
#   $volume/recovered/MOMENT     recovered beside it; the container that does so sees no more
#   $volume/kept/before-MOMENT   what a recovered one took the place of
#   $volume/kept/undone-MOMENT   what was recovered and has been taken away again
#
# Two levels deep, so that start.sh does not take them for databases of another version.
set -eu

volume=/var/lib/postgresql
data=${PGDATA:?the image sets it}
# Outside the volume, as start.sh has it.
state=/var/lib/menuvo
cd "$volume"

list() {
    # Files come and go meanwhile where it is asked of a database that serves.
    [ ! -s "$data/PG_VERSION" ] || echo "live $(du -sk "$data" 2>/dev/null | cut -f1)"
    for place in recovered kept; do
        for found in "$place"/*; do
            [ ! -d "$found" ] || echo "$found"
        done
    done
}

# An empty folder for the user who recovers into it.
room() {
    rm -rf recovered
    mkdir -p recovered
    chown "$1" recovered
    chmod 700 recovered
}

# Before anything is stopped, since it takes its time where there are many files.
own() {
    chown -hR postgres:postgres "$1"
    chmod 700 "$1"
    sync
}

# On an empty server, or after a try that left another database: start.sh starts no other from now
# on, nor an empty one where the power goes before $1 is in its place.
adopt() {
    [ -d "$1" ] || return 0
    # Where it cannot be read nothing is adopted: an empty identifier would refuse every start.
    read_from_it=$(LC_ALL=C pg_controldata -D "$1")
    echo "$read_from_it" | sed -n 's/^Database system identifier: *//p' >"$state/cluster.new"
    mv "$state/cluster.new" "$state/cluster"
    sync
}

# Puts $1 in the place of the one that serves, which becomes $2. The same with the two exchanged is
# the way back, and changes nothing where there is nothing to bring back.
exchange() {
    [ -d "$1" ] || return 0
    mkdir -p "$(dirname "$2")" "$(dirname "$data")"
    if [ -d "$data" ] && ! rmdir "$data" 2>/dev/null; then
        if [ -e "$2" ]; then
            echo "menuvo: $data and $2 are both there, and neither is given up." >&2
            exit 78
        fi
        mv "$data" "$2"
    fi
    mv "$1" "$data"
    sync
}

drop() {
    rm -rf -- "$@"
    sync
}

case ${1:-} in
list | room | own | adopt | exchange | drop) "$@" ;;
*)
    echo "usage: clusters.sh list | room USER | own FOLDER | adopt FOLDER" >&2
    echo "       clusters.sh exchange IN OUT | drop FOLDER..." >&2
    exit 64
    ;;
esac
