# shellcheck shell=sh
# Goes through the items. Each thing to know is one line: `menuvo:`, then the item, a status (ok,
# warn, fail, skipped, changed), what was found and what to do, with tabs between them.

WAY_BACK=/run/menuvo/way-back.sh
PATIENCE_SECONDS=120

main() {
    verb=$1
    shift
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    umask 022
    WORK=$(mktemp -d) || return 1
    trap 'rm -rf "$WORK"' EXIT
    failed=0
    case $verb in
    check) for item in "$@"; do check "$item"; done ;;
    mend) mend_all "$@" ;;
    shut) if arm; then mend_all "$@"; else refuse_to_shut "$1"; fi ;;
    confirm) disarm ;;
    undo) undo ;;
    esac
    printf 'menuvo:end\n'
    return "$failed"
}

# What comes later may need what comes before.
mend_all() {
    for item in "$@"; do
        # Nowhere on the way down may this be a condition: there the shell passes over errors.
        mend "$item"
        [ "$failed" = 0 ] || return 0
    done
}

check() { tell_all "$1" "$("check_$1" 2>>"$WORK/log")"; }

mend() {
    before=$("check_$1" 2>>"$WORK/log")
    if ! is_wrong "$before"; then
        tell_all "$1" "$before"
        return
    fi
    code=0
    if command -v "mend_$1" >/dev/null; then
        tell "$1" begun
        (
            set -e
            "mend_$1"
        ) >"$WORK/log" 2>&1
        code=$?
    fi
    after=$("check_$1" 2>/dev/null)
    if is_wrong "$after"; then
        failed=1
    else
        printf '%s\n' "$before" | sed -n 's/^fail\t\([^\t]*\).*/changed\t\1\t/p' | tell_each "$1"
    fi
    [ -z "$after" ] || printf '%s\n' "$after" | tell_each "$1"
    if [ "$code" != 0 ]; then
        failed=1
        tell "$1" fail "Mending it failed (exit code $code)." "$(tail -n 8 "$WORK/log")"
    fi
}

is_wrong() { printf '%s\n' "$1" | grep -q '^fail'; }

tell_all() {
    if [ -z "$2" ]; then tell "$1" ok; else printf '%s\n' "$2" | tell_each "$1"; fi
}

tell_each() { sed "s/^/menuvo:$1\t/"; }

tell() { printf 'menuvo:%s\t%s\n' "$1" "$(say "$2" "${3-}" "${4-}")"; }

# What shuts doors is taken back by itself unless somebody comes in again and confirms it.
arm() {
    mkdir -p /run/menuvo
    disarm
    {
        if [ -e "$SSHD_FILE" ]; then
            cp -p "$SSHD_FILE" /run/menuvo/sshd-before
            printf 'cp -p /run/menuvo/sshd-before %s\n' "$SSHD_FILE"
        else
            printf 'rm -f %s\n' "$SSHD_FILE"
        fi
        printf 'systemctl try-reload-or-restart ssh\n'
        ufw status 2>/dev/null | grep -q '^Status: active' || printf 'ufw --force disable\n'
    } >"$WAY_BACK"
    systemd-run --quiet --unit=menuvo-way-back --timer-property=AccuracySec=1s --on-active="$PATIENCE_SECONDS" sh "$WAY_BACK" 2>"$WORK/log"
}

refuse_to_shut() {
    failed=1
    tell "$1" fail "Nothing would open the doors again, so they stay open." "$(tail -n 8 "$WORK/log")"
}

undo() {
    [ ! -e "$WAY_BACK" ] || sh "$WAY_BACK" >/dev/null 2>&1
    disarm
}

disarm() {
    systemctl stop menuvo-way-back.timer 2>/dev/null
    systemctl reset-failed menuvo-way-back.service 2>/dev/null
    rm -f "$WAY_BACK"
}
