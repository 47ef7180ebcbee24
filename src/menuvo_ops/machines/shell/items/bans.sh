# shellcheck shell=sh
# Without passwords nobody gets in by guessing; this keeps the guessers from filling the log.

BANS_FILE=/etc/fail2ban/jail.d/menuvo.local

# Debian 12 and newer have no file of logins, only the journal, where sshd's unit is called ssh; since
# OpenSSH 9.8 it is another program of that unit which writes.
ban_settings() {
    cat <<END
[sshd]
enabled = true
backend = systemd
journalmatch = _SYSTEMD_UNIT=ssh.service + _COMM=sshd + _COMM=sshd-session
port = $(ssh_ports | paste -sd, -)
maxretry = 5
findtime = 10m
bantime = 1h
END
}

check_bans() {
    require_packages fail2ban python3-systemd
    is_installed fail2ban || return 0
    ban_settings | is_file "$BANS_FILE" || wrong "$BANS_FILE is not what it should be."
    require_service fail2ban
    fail2ban-client status sshd >/dev/null 2>&1 || wrong "Nobody who guesses at sshd is kept out."
}

mend_bans() {
    install_packages fail2ban python3-systemd nftables
    ban_settings | put_file "$BANS_FILE" 644
    systemctl enable --quiet fail2ban
    systemctl restart fail2ban
    # It answers a moment after it was started.
    timeout 30 sh -c 'until fail2ban-client status sshd; do sleep 0.5; done'
}
