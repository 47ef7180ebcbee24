# shellcheck shell=sh
# Certificates, backups and tokens all trust the clock. Any program that keeps it will do.

check_clock() {
    if ! systemctl is-active chrony ntpsec systemd-timesyncd | grep -qx active; then
        wrong "Nothing keeps the clock right."
        return
    fi
    [ "$(timedatectl show --property=NTPSynchronized --value)" = yes ] ||
        note "The clock was not compared with another one yet." \
            "Wait a minute; then ask: timedatectl timesync-status"
}

mend_clock() {
    install_packages systemd-timesyncd
    systemctl enable --quiet --now systemd-timesyncd
}
