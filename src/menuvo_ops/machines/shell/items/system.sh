# shellcheck shell=sh
# Nothing of this can be mended from outside.

check_system() {
    # shellcheck source=/dev/null
    . /etc/os-release
    case $ID in
    debian) oldest=12 ;;
    ubuntu) oldest=22.04 ;;
    *)
        wrong "The system is ${PRETTY_NAME:-$ID}." "Install Debian 12, Ubuntu 22.04 or newer."
        return
        ;;
    esac
    # Debian gives its next release no number.
    version=${VERSION_ID:-$oldest}
    if [ "$(printf '%s\n' "$oldest" "$version" | sort -V | head -n 1)" != "$oldest" ]; then
        wrong "The system is ${PRETTY_NAME:-$ID $version}." "Upgrade it to $ID $oldest or newer."
    fi
    case $(uname -m) in
    x86_64 | aarch64) ;;
    *) wrong "The processor is $(uname -m)." "Take a server of amd64 or arm64." ;;
    esac
    [ -d /run/systemd/system ] || wrong "systemd does not run here." "Take a whole server, no container."
}
