#!/bin/sh
# Tells the steps of a job what to build: images.sh OUTPUT
# Written are the registry, the tags of caddy and backup by what goes into them, whether each has
# still to be built, and the commit's own time.
set -eu
output=$1
owner=$(printf '%s' "$GITHUB_REPOSITORY_OWNER" | tr '[:upper:]' '[:lower:]')
registry=${REGISTRY:-ghcr.io/$owner}

printf 'registry=%s\ncreated=%s\n' "$registry" "$(git show -s --format=%cI HEAD)" >>"$output"
PYTHONPATH=src python3 -m menuvo_ops.shipping.inputs | while IFS='=' read -r name tag; do
    # Whatever the reason for a no is, building is right: what is really wrong stops the push.
    if docker buildx imagetools inspect "$registry/menuvo-$name:$tag" >/dev/null 2>&1; then
        build=false
    else
        build=true
    fi
    printf '%s=%s\nbuild_%s=%s\n' "$name" "$tag" "$name" "$build" >>"$output"
    printf 'menuvo-%s:%s %s\n' "$name" "$tag" \
        "$([ "$build" = true ] && echo 'is built' || echo 'is there already')"
done
