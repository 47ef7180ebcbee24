# shellcheck shell=sh
# Who may use Docker is as mighty as root, so sudo without a password gives nothing more. Without it
# nobody could administer a server on which root cannot log in.

SUDOERS=/etc/sudoers.d/90-menuvo

check_user() {
    if ! id "$DEPLOY_USER" >/dev/null 2>&1; then
        wrong "There is no user $DEPLOY_USER."
        return
    fi
    case $(getent passwd "$DEPLOY_USER" | cut -d: -f7) in
    */nologin | */false) wrong "The user $DEPLOY_USER has no shell." ;;
    esac
    check_keys "$(home_of "$DEPLOY_USER")"
    sudo -l -U "$DEPLOY_USER" 2>/dev/null | grep -q 'NOPASSWD: ALL' ||
        wrong "The user $DEPLOY_USER may not use sudo without a password."
}

check_keys() {
    file=$1/.ssh/authorized_keys
    if ! ssh-keygen -lf "$file" >/dev/null 2>&1; then
        wrong "No key lets $DEPLOY_USER in." "Name one: menuvo server setup --key FILE.pub"
        return
    fi
    printf '%s\n' "$WANTED_KEYS" | while read -r kind key comment; do
        [ -z "$key" ] || grep -qF "$kind $key" "$file" || wrong "The key ${comment:-$kind} is not let in."
    done
    # sshd passes over keys that another could have written.
    for path in "$1" "$1/.ssh" "$file"; do
        case $(stat -c %U:%A "$path") in
        "$DEPLOY_USER":?????-??-?) ;;
        *) wrong "Others than $DEPLOY_USER can write $path." ;;
        esac
    done
}

mend_user() {
    id "$DEPLOY_USER" >/dev/null 2>&1 || useradd --create-home --shell /bin/bash "$DEPLOY_USER"
    usermod --shell /bin/bash "$DEPLOY_USER"
    home=$(home_of "$DEPLOY_USER")
    chown "$DEPLOY_USER:" "$home"
    chmod go-w "$home"
    install -d -m 700 -o "$DEPLOY_USER" -g "$(id -gn "$DEPLOY_USER")" "$home/.ssh"
    touch "$home/.ssh/authorized_keys"
    # On a last line without an end the next key would be a comment.
    [ -z "$(tail -c 1 "$home/.ssh/authorized_keys")" ] || echo >>"$home/.ssh/authorized_keys"
    printf '%s\n' "$WANTED_KEYS" | while read -r kind key comment; do
        [ -z "$key" ] || grep -qF "$kind $key" "$home/.ssh/authorized_keys" ||
            printf '%s %s %s\n' "$kind" "$key" "$comment" >>"$home/.ssh/authorized_keys"
    done
    chown "$DEPLOY_USER:" "$home/.ssh/authorized_keys"
    chmod 600 "$home/.ssh/authorized_keys"
    printf '%s ALL=(ALL) NOPASSWD: ALL\n' "$DEPLOY_USER" >"$WORK/sudoers"
    visudo -q -c -f "$WORK/sudoers"
    put_file "$SUDOERS" 440 <"$WORK/sudoers"
}
