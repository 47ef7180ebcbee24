# shellcheck shell=sh

check_environment() {
    file=$(home_of "$DEPLOY_USER")/menuvo/.env
    if [ ! -e "$file" ]; then
        note "There is no environment yet, and no deploy without it." \
            "menuvo env init, then: menuvo server setup --environment FOLDER"
        return
    fi
    case $(stat -c %U:%a "$file") in
    "$DEPLOY_USER":600) ;;
    *) wrong "Others than $DEPLOY_USER can read $file, or it is not theirs." ;;
    esac
}

mend_environment() {
    file=$(home_of "$DEPLOY_USER")/menuvo/.env
    chown "$DEPLOY_USER:" "$file"
    chmod 600 "$file"
}
