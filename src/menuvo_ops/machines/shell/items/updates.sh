# shellcheck shell=sh
# Docker is left out, because a restart of it is for an hour of the operator's choice. What a new
# kernel needs is a reboot, and that comes at one time of the day alone.

# Read after the files of the packages.
UPDATES_FILE=/etc/apt/apt.conf.d/95menuvo
USUAL_REBOOT=04:30

# What was asked for, else what is set already.
reboot_at() {
    hour=$REBOOT_AT
    [ -n "$hour" ] || [ ! -e "$UPDATES_FILE" ] ||
        hour=$(sed -n 's/.*Automatic-Reboot-Time "\([0-2][0-9]:[0-5][0-9]\)";.*/\1/p' "$UPDATES_FILE")
    echo "${hour:-$USUAL_REBOOT}"
}

update_settings() {
    cat <<END
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
Unattended-Upgrade::Package-Blacklist {
    "docker-ce";
    "docker-buildx-plugin";
    "docker-compose-plugin";
    "containerd.io";
};
Unattended-Upgrade::Automatic-Reboot "true";
Unattended-Upgrade::Automatic-Reboot-WithUsers "true";
Unattended-Upgrade::Automatic-Reboot-Time "$(reboot_at)";
END
}

check_updates() {
    require_packages unattended-upgrades
    if ! update_settings | is_file "$UPDATES_FILE"; then
        wrong "$UPDATES_FILE is not what it should be."
        return
    fi
    # What applies in the end: another file may say otherwise.
    said=$(apt-config dump)
    for setting in 'APT::Periodic::Update-Package-Lists "1"' 'APT::Periodic::Unattended-Upgrade "1"' \
        "Unattended-Upgrade::Automatic-Reboot-Time \"$(reboot_at)\"" \
        'Unattended-Upgrade::Package-Blacklist:: "docker-ce"'; do
        printf '%s\n' "$said" | grep -qF "$setting" ||
            wrong "apt does not have $setting." "Look for it in the files of /etc/apt/apt.conf.d."
    done
    printf '%s\n' "$said" | grep -qi 'Unattended-Upgrade::\(Origins-Pattern\|Allowed-Origins\)::.*security' ||
        wrong "Security updates are not among those that come by themselves." \
            "sudo apt-get install --reinstall -o DPkg::Options::=--force-confmiss unattended-upgrades"
    for timer in apt-daily.timer apt-daily-upgrade.timer; do require_service "$timer"; done
    [ ! -e /run/reboot-required ] ||
        note "An update waits for a reboot, which comes at $(reboot_at)." "Or in a quiet hour: sudo reboot"
}

mend_updates() {
    update_settings >"$WORK/updates"
    install_packages unattended-upgrades
    put_file "$UPDATES_FILE" 644 <"$WORK/updates"
    systemctl unmask --quiet apt-daily.timer apt-daily-upgrade.timer
    systemctl enable --quiet --now apt-daily.timer apt-daily-upgrade.timer
}
