#!/bin/sh
# Tells Sentry which release runs: register-sentry-release.sh RELEASE
set -eu
release=$1

if [ -z "${SENTRY_AUTH_TOKEN-}" ]; then
    echo 'Left out: SENTRY_AUTH_TOKEN is not set.'
    exit 0
fi
if [ -z "${SENTRY_ORG-}" ] || [ -z "${SENTRY_PROJECT-}" ]; then
    echo '::error title=Sentry was not told::With SENTRY_AUTH_TOKEN the variables SENTRY_ORG and' \
        'SENTRY_PROJECT are needed.'
    exit 1
fi
releases=${SENTRY_URL:-https://sentry.io}/api/0/organizations/$SENTRY_ORG/releases/

# The token is read from stdin: an argument would be seen by every process of the machine.
post() {
    printf 'header = "Authorization: Bearer %s"\n' "$SENTRY_AUTH_TOKEN" |
        curl --config - --fail-with-body --silent --show-error --max-time 30 --retry 3 \
            --header 'Content-Type: application/json' --data "$2" "$1" >/dev/null || {
        echo "::error title=Sentry was not told::$1 refused; the line above says why."
        exit 1
    }
}

post "$releases" "{\"version\": \"$release\", \"projects\": [\"$SENTRY_PROJECT\"]}"
post "$releases$release/deploys/" '{"environment": "production"}'
echo "Sentry knows the release $release."
