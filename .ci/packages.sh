# Sourced by the other scripts: Debian packages, installed only where they are missing.

# The package lists, fetched where this machine has none: a container image often comes without.
package_lists() {
    if ! compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; then
        apt-get update -qq
    fi
}

# Installs the packages named; where the mirror has moved on since the lists were fetched, fetches
# them again.
install_packages() {
    if [ "$(id -u)" != 0 ]; then
        echo "failed to install $*: not root; install it, and run this again" >&2
        return 1
    fi
    package_lists
    local install=(apt-get install -qq -y --no-install-recommends "$@")
    export DEBIAN_FRONTEND=noninteractive
    "${install[@]}" >/dev/null 2>&1 || { apt-get update -qq && "${install[@]}" >/dev/null; }
}
