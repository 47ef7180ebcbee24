#!/bin/sh
# Runs once, when the image has made the cluster: from now on an empty volume is a mistake.
LC_ALL=C pg_controldata -D "$PGDATA" |
    sed -n 's/^Database system identifier: *//p' >/var/lib/menuvo/cluster
