#!/bin/sh
# Gives an image that is in the registry a second name, without fetching it:
# name-by-release.sh REPOSITORY TAG RELEASE
# So whoever deploys by hand finds all three images under one name.
set -eu
docker buildx imagetools create --tag "$1:$3" "$1:$2"
