#!/bin/sh
# Gives an image that is in the registry a second name, without fetching it:
# name-by-release.sh REPOSITORY TAG RELEASE
# It keeps its digest: nothing is put around it. So whoever deploys by hand finds all three images
# under one name.
set -eu
docker buildx imagetools create --prefer-index=false --tag "$1:$3" "$1:$2"
