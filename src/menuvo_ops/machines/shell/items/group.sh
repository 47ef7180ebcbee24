# shellcheck shell=sh

check_group() {
    id -nG "$DEPLOY_USER" 2>/dev/null | tr ' ' '\n' | grep -qx docker ||
        wrong "The user $DEPLOY_USER may not use Docker."
}

mend_group() { usermod --append --groups docker "$DEPLOY_USER"; }
