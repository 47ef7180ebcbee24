# shellcheck shell=sh

check_registry() {
    grep -qs '"ghcr.io"' "$(home_of "$DEPLOY_USER")/.docker/config.json" ||
        does_not_apply "No login at ghcr.io. Public images need none." \
            "For private ones: menuvo server setup --registry-user NAME"
}
