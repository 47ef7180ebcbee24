# shellcheck shell=sh
# For what listens on the server itself. Ports that Docker publishes pass by it, which is why
# `menuvo server check` also knocks from outside.

doors() {
    for port in $(ssh_ports); do echo "$port/tcp"; done
    printf '%s\n' 80/tcp 443/tcp 443/udp
}

check_firewall() {
    require_packages ufw
    is_installed ufw || return 0
    said=$(ufw status verbose)
    printf '%s\n' "$said" | grep -q '^Status: active' || wrong "The firewall is off."
    grep -q '^ENABLED=yes' /etc/ufw/ufw.conf || wrong "The firewall would be off after a reboot."
    grep -q '^DEFAULT_INPUT_POLICY="DROP"' /etc/default/ufw || wrong "The firewall lets in what no rule names."
    rules=$(ufw show added | sed -n 's/^ufw //p')
    for door in $(doors); do
        printf '%s\n' "$rules" | grep -qE "^(allow|limit) $door( |\$)" || wrong "The firewall keeps $door shut."
    done
    printf '%s\n' "$rules" | while read -r verb what rest; do
        case $verb in allow | limit) ;; *) continue ;; esac
        doors | grep -qx "$what" ||
            note "The firewall also lets in: $what $rest" "If nobody needs it: sudo ufw delete $verb $what $rest"
    done
}

mend_firewall() {
    is_installed ufw || install_packages ufw
    for door in $(doors); do ufw allow "$door"; done
    ufw default deny incoming
    ufw default allow outgoing
    ufw --force enable
    systemctl enable --quiet ufw
}
