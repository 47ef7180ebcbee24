# shellcheck shell=sh
# sshd takes the first value that it reads, and cloud images bring a file 50-cloud-init.conf.

SSHD_FILE=/etc/ssh/sshd_config.d/00-menuvo.conf

sshd_settings() {
    cat <<'END'
PubkeyAuthentication yes
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
END
}

check_sshd() {
    if ! sshd_settings | is_file "$SSHD_FILE"; then
        wrong "$SSHD_FILE is not what it should be."
        return
    fi
    if ! said=$(sshd -T 2>/dev/null); then
        wrong "sshd could not start with its configuration." "See why: sudo sshd -t"
        return
    fi
    # What applies in the end: another file may say otherwise.
    sshd_settings | tr '[:upper:]' '[:lower:]' | while read -r setting; do
        printf '%s\n' "$said" | grep -qx "$setting" ||
            wrong "sshd does not have: $setting." "Look for it in /etc/ssh/sshd_config and sshd_config.d."
    done
    systemctl is-active --quiet ssh || wrong "The service ssh does not run."
}

mend_sshd() {
    before=$(cat "$SSHD_FILE" 2>/dev/null || true)
    sshd_settings | put_file "$SSHD_FILE" 644
    grep -qi '^Include /etc/ssh/sshd_config.d/' /etc/ssh/sshd_config ||
        sed -i '1i Include /etc/ssh/sshd_config.d/*.conf' /etc/ssh/sshd_config
    if ! sshd -t; then
        if [ -n "$before" ]; then printf '%s\n' "$before" >"$SSHD_FILE"; else rm -f "$SSHD_FILE"; fi
        return 1
    fi
    systemctl reload-or-restart ssh
}
