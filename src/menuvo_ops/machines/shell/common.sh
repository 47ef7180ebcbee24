# shellcheck shell=sh
# What the items have in common. An item is two functions: check_NAME says what is wrong, and changes
# nothing; mend_NAME puts it right, and ends at its first error. They run as root, with this set:
#
#   DEPLOY_USER   who deploys
#   WANTED_KEYS   public keys that must let it in, one a line; may be empty
#   SSH_PORT      where the one who asks came in; empty on a first start
#   REBOOT_AT     HH:MM, or empty for what is set already
#   WORK          a folder for this run alone

export DEBIAN_FRONTEND=noninteractive LC_ALL=C
MENDS_IT="menuvo server setup mends it."

# --- what a check says: FOUND, and what to do about it when setup does not do it

wrong() { say fail "$1" "${2:-$MENDS_IT}"; }
note() { say warn "$1" "$2"; }
does_not_apply() { say skipped "$1" "${2-}"; }

say() {
    printf '%s\t%s\t%s\n' "$1" "$(one_line "$2")" "$(one_line "$3")"
}

one_line() { printf %s "$1" | tr '\n\t' '  '; }

# --- packages

is_installed() {
    dpkg-query --show --showformat '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

missing() {
    for package in "$@"; do
        is_installed "$package" || printf ' %s' "$package"
    done
}

require_packages() {
    [ -z "$(missing "$@")" ] || wrong "Not installed:$(missing "$@")."
}

install_packages() {
    # shellcheck disable=SC2046 # a list of words
    set -- $(missing "$@")
    [ $# -gt 0 ] || return 0
    if [ ! -e "$WORK/lists" ]; then
        apt-get -qq update
        touch "$WORK/lists"
    fi
    # A server that has just been made is still upgrading itself, and nobody is there to ask about
    # files that somebody has changed: they stay.
    apt-get -qq --yes --no-install-recommends -o DPkg::Lock::Timeout=300 \
        -o DPkg::Options::=--force-confdef -o DPkg::Options::=--force-confold install "$@"
}

forget_lists() { rm -f "$WORK/lists"; }

# --- files

# Whether a file is exactly what comes in.
is_file() { [ "$(cat "$1" 2>/dev/null)" = "$(cat)" ]; }

# Write what comes in, whole or not at all.
put_file() {
    mkdir -p "$(dirname "$1")"
    cat >"$1.menuvo"
    chmod "$2" "$1.menuvo"
    mv -f "$1.menuvo" "$1"
}

home_of() {
    home=$(getent passwd "$1" | cut -d: -f6)
    echo "${home:-/home/$1}"
}

# --- services

require_service() {
    systemctl is-active --quiet "$1" || wrong "The service $1 does not run."
    systemctl is-enabled --quiet "$1" 2>/dev/null || wrong "The service $1 would not start after a reboot."
}

# Every port that sshd listens on, and the one that was come in by.
ssh_ports() {
    {
        sshd -T 2>/dev/null | sed -n 's/^port //p'
        [ -z "$SSH_PORT" ] || printf '%s\n' "$SSH_PORT"
    } | sort -un
}
