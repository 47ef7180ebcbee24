# shellcheck shell=sh
# The lines of cron are the tool's own affair.

check_timers() {
    tool=$(home_of "$DEPLOY_USER")/menuvo/menuvo
    if ! runuser -u "$DEPLOY_USER" -- "$tool" timers show >/dev/null 2>&1; then
        does_not_apply "The timers come with the first deploy."
    elif ! crontab -u "$DEPLOY_USER" -l 2>/dev/null | grep -q '^# BEGIN menuvo timers'; then
        wrong "The server does not restore its backups for trial."
    fi
}

mend_timers() {
    cd "$(home_of "$DEPLOY_USER")/menuvo" || return 1
    runuser -u "$DEPLOY_USER" -- ./menuvo timers install
}
