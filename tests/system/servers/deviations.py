"""What people do to a server by hand, and which item it is that must notice."""

DEVIATIONS = {
    "a program was removed": ("programs", "dpkg --remove --force-depends cron"),
    "cron was stopped": ("programs", "systemctl disable --now cron"),
    "nothing keeps the clock": ("clock", "systemctl disable --now systemd-timesyncd"),
    "overcommit was switched off": ("memory", "echo 0 >/proc/sys/vm/overcommit_memory"),
    "overcommit is forgotten at a reboot": ("memory", "rm /etc/sysctl.d/90-menuvo.conf"),
    "swap was switched off": ("swap", "swapoff /swapfile"),
    "swap is forgotten at a reboot": ("swap", "sed -i /swapfile/d /etc/fstab"),
    "swap can be read by all": ("swap", "chmod 644 /swapfile"),
    "deploy lost sudo": ("user", "rm /etc/sudoers.d/90-menuvo"),
    "others can write deploy's keys": ("user", "chmod g+w /home/deploy/.ssh/authorized_keys"),
    "deploy's home belongs to root": ("user", "chown root: /home/deploy"),
    "deploy has no shell": ("user", "usermod --shell /usr/sbin/nologin deploy"),
    "Docker's repository is gone": ("docker", "rm /etc/apt/sources.list.d/docker.sources"),
    "Docker's repository is named twice": ("docker", "touch /etc/apt/sources.list.d/docker.list"),
    "Docker's key is gone": ("docker", "rm /etc/apt/keyrings/docker.asc"),
    "Docker was stopped": ("docker", "systemctl disable --now docker"),
    "compose was removed": ("docker", "dpkg --remove docker-compose-plugin"),
    "logs have no limit": ("engine", "echo '{\"live-restore\": true}' >/etc/docker/daemon.json"),
    "daemon.json is broken": ("engine", "echo '{' >/etc/docker/daemon.json"),
    "Docker runs with other settings": ("engine", "echo 'false syslog' >/run/docker-settings"),
    "deploy left Docker's group": ("group", "gpasswd --delete deploy docker"),
    "the folder belongs to root": ("folder", "chown root: /home/deploy/menuvo"),
    "the folder is gone": ("folder", "rm -r /home/deploy/menuvo"),
    "updates would restart Docker": ("updates", "sed -i /docker-ce/d /etc/apt/apt.conf.d/95menuvo"),
    "updates would reboot at any time": (
        "updates",
        "sed -i 's/04:30/now/' /etc/apt/apt.conf.d/95menuvo",
    ),
    "updates are not installed": ("updates", "systemctl disable --now apt-daily-upgrade.timer"),
    "updates are masked": (
        "updates",
        "systemctl stop apt-daily.timer; systemctl mask apt-daily.timer",
    ),
    "fail2ban was stopped": ("bans", "systemctl disable --now fail2ban"),
    "fail2ban looks away": (
        "bans",
        "rm /etc/fail2ban/jail.d/[dm]*; systemctl restart fail2ban",
    ),
    "the firewall is off": ("firewall", "ufw disable"),
    "the firewall keeps guests out": ("firewall", "ufw delete allow 443/tcp"),
    "the firewall lets in everything": ("firewall", "ufw default allow incoming"),
    "passwords let in": ("sshd", "sed -i 's/^Pass.*/PasswordAuthentication yes/' {sshd}; {reload}"),
    "root is let in": ("sshd", "rm {sshd}; {reload}"),
    "sshd reads no further files": (
        "sshd",
        "sed -i '/^Include/d' /etc/ssh/sshd_config; {reload}",
    ),
    "the environment can be read by all": (
        "environment",
        "install -m 644 -o deploy /dev/null /home/deploy/menuvo/.env",
    ),
}


def script_of(name: str) -> tuple[str, str]:
    item, script = DEVIATIONS[name]
    sshd, reload = "/etc/ssh/sshd_config.d/00-menuvo.conf", "systemctl reload ssh"
    return item, script.replace("{sshd}", sshd).replace("{reload}", reload)
