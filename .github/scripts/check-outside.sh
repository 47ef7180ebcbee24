#!/bin/sh
# Asks the public site as everybody can: check-outside.sh https://menuvo.app [RELEASE]
# With a release, every one of four answers in a row must be of it: there are two instances.
set -eu
site=${1%/}
release=${2-}
attempts=${ATTEMPTS:-12}
pause=${PAUSE:-5}

case $site in
https://?*.?* | http://127.0.0.1:*) ;;
*)
    printf '::error title=No site to ask::%s is no address of a site. Is the variable DOMAIN set?\n' "$site"
    exit 2
    ;;
esac

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# Leaves in $problem what is wrong with one answer, or nothing.
ask() {
    if ! status=$(curl --silent --show-error --max-time 10 --dump-header "$answer" \
        --output /dev/null --write-out '%{http_code}' "$site$1" 2>"$answer.trouble"); then
        problem="$site$1 does not answer: $(cat "$answer.trouble")"
    elif [ "$status" != 200 ]; then
        problem="$site$1 answers HTTP $status"
    elif [ -n "$release" ]; then
        served=$(tr -d '\r' <"$answer" | sed -n 's/^[Xx]-[Mm]enuvo-[Rr]elease: *//p' | tail -n 1)
        [ "$served" = "$release" ] ||
            problem="$site$1 is answered by the release ${served:-without a name}, not by $release"
    fi
    rm -f "$answer.trouble"
}

look() {
    problem=
    for path in /live /health /live /health; do
        ask "$path"
        [ -z "$problem" ] || return 1
    done
}

tried=1
until look; do
    printf 'Attempt %s of %s: %s\n' "$tried" "$attempts" "$problem"
    if [ "$tried" -ge "$attempts" ]; then
        printf '::error title=The site is not well, seen from outside::%s.' "$problem"
        printf ' What to do: docs/runbooks/platform-down.md\n'
        exit 1
    fi
    tried=$((tried + 1))
    sleep "$pause"
done
printf '%s answers%s.\n' "$site" "${release:+, with the release $release}"
