# shellcheck shell=sh

check_folder() {
    folder=$(home_of "$DEPLOY_USER")/menuvo
    if [ ! -d "$folder" ]; then
        wrong "There is no folder $folder."
        return
    fi
    case $(stat -c %U:%A "$folder") in
    "$DEPLOY_USER":d????-??-?) ;;
    *) wrong "Others than $DEPLOY_USER can write $folder." ;;
    esac
}

mend_folder() {
    folder=$(home_of "$DEPLOY_USER")/menuvo
    mkdir -p "$folder"
    chown "$DEPLOY_USER:" "$folder"
    chmod go-w "$folder"
}
