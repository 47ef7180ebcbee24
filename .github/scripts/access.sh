#!/bin/sh
# Writes what ssh needs into a folder that only this job can read: access.sh FOLDER
set -eu
folder=$1

fail() {
    printf '::error title=No access to the server::%s\n' "$*"
    exit 1
}

missing=
[ -n "${DEPLOY_HOST-}" ] || missing="$missing DEPLOY_HOST"
[ -n "${DEPLOY_SSH_KEY-}" ] || missing="$missing DEPLOY_SSH_KEY"
[ -n "${DEPLOY_KNOWN_HOSTS-}" ] || missing="$missing DEPLOY_KNOWN_HOSTS"
[ -z "$missing" ] || fail "These secrets of the environment production are not set:$missing." \
    "See docs/guides/deploy-from-github.md."

umask 077
mkdir -p "$folder"
# Pasted on Windows, a key has line ends that ssh does not take, or lacks its last one.
printf '%s\n' "$DEPLOY_SSH_KEY" | tr -d '\r' >"$folder/identity"
printf '%s\n' "$DEPLOY_KNOWN_HOSTS" | tr -d '\r' >"$folder/known_hosts"
ssh-keygen -y -P '' -f "$folder/identity" >/dev/null 2>&1 ||
    fail "DEPLOY_SSH_KEY is no private key, or it has a passphrase, which nobody can type here."
ssh-keygen -l -f "$folder/known_hosts" >/dev/null 2>&1 ||
    fail "DEPLOY_KNOWN_HOSTS holds no host key. It is what ssh-keyscan prints for the server."
