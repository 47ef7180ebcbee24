# shellcheck shell=sh
# Every release brings its own tool along, so there is nothing to install before the first one.

check_tool() {
    tool=$(home_of "$DEPLOY_USER")/menuvo/menuvo
    if [ ! -e "$tool" ]; then
        does_not_apply "The tool comes with the first deploy."
        return
    fi
    runuser -u "$DEPLOY_USER" -- "$tool" version >/dev/null 2>&1 ||
        wrong "$tool does not run." "Deploy the release that serves once more."
}
