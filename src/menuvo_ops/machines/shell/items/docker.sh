# shellcheck shell=sh
# From Docker's own repository: Debian's package has no compose plugin of the age that is needed.

DOCKER_PACKAGES="docker-ce docker-ce-cli containerd.io docker-buildx-plugin docker-compose-plugin"
DOCKER_KEY=/etc/apt/keyrings/docker.asc
DOCKER_SOURCE=/etc/apt/sources.list.d/docker.sources
OLDEST_DOCKER=26

docker_source() {
    # shellcheck source=/dev/null
    . /etc/os-release
    cat <<END
Types: deb
URIs: https://download.docker.com/linux/$ID
Suites: ${UBUNTU_CODENAME:-$VERSION_CODENAME}
Components: stable
Architectures: $(dpkg --print-architecture)
Signed-By: $DOCKER_KEY
END
}

check_docker() {
    for other in docker.io podman-docker; do
        ! is_installed "$other" ||
            wrong "The package $other is in the way of Docker's own." "sudo apt-get remove $other"
    done
    docker_source | is_file "$DOCKER_SOURCE" || wrong "Docker's repository is not set up."
    [ -s "$DOCKER_KEY" ] || wrong "The key of Docker's repository is missing."
    # Two entries with different keys stop apt.
    [ ! -e /etc/apt/sources.list.d/docker.list ] || wrong "Docker's repository is named twice."
    # shellcheck disable=SC2086 # a list of words
    require_packages $DOCKER_PACKAGES
    is_installed docker-ce || return 0
    require_service docker
    version=$(docker version --format '{{.Server.Version}}' 2>/dev/null) || return 0
    [ "${version%%.*}" -ge "$OLDEST_DOCKER" ] ||
        wrong "Docker is $version, and $OLDEST_DOCKER is needed." "sudo apt-get install docker-ce"
}

mend_docker() {
    rm -f /etc/apt/sources.list.d/docker.list
    # shellcheck source=/dev/null
    [ -s "$DOCKER_KEY" ] || (
        . /etc/os-release
        curl --fail --silent --show-error --location --output "$WORK/docker.asc" \
            "https://download.docker.com/linux/$ID/gpg"
        put_file "$DOCKER_KEY" 644 <"$WORK/docker.asc"
    )
    docker_source | put_file "$DOCKER_SOURCE" 644
    forget_lists
    # shellcheck disable=SC2086 # a list of words
    install_packages $DOCKER_PACKAGES
    systemctl enable --quiet --now docker
}
