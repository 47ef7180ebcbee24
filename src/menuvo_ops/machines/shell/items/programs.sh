# shellcheck shell=sh
# curl fetches Docker's key, python3 runs the tool of each release, cron its timers.

PROGRAMS="ca-certificates cron curl openssh-server python3 sudo"

check_programs() {
    # shellcheck disable=SC2086 # a list of words
    require_packages $PROGRAMS
    ! is_installed cron || require_service cron
}

mend_programs() {
    # shellcheck disable=SC2086 # a list of words
    install_packages $PROGRAMS
    systemctl enable --quiet --now cron
}
