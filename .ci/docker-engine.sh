#!/usr/bin/env bash
# Makes a Docker engine answer on this machine: installs one where there is none, and starts it by
# hand where no init system does. Never restarts one that answers.
#
#   .ci/docker-engine.sh start    exits 0 when an engine answers
#   .ci/docker-engine.sh stop     stops the engine that `start` started, and no other
set -euo pipefail
# shellcheck source=.ci/packages.sh
. "$(dirname "$0")/packages.sh"

state=${PILASTER_CI_STATE:-/var/tmp/pilaster-ci}
pidfile=$state/dockerd.pid
log=$state/dockerd.log

answers() {
    timeout 5 docker version >/dev/null 2>&1
}

install() {
    command -v dockerd >/dev/null || install_packages docker.io iptables
    # From Debian 13 the client is a package of its own.
    command -v docker >/dev/null || install_packages docker-cli
}

# Starts dockerd with the given options and waits until it answers or has ended.
try() {
    echo "starting dockerd $*"
    setsid dockerd --pidfile "$state/docker.pid" "$@" </dev/null >>"$log" 2>&1 &
    local pid=$!
    echo "$pid" >"$pidfile"
    for _ in $(seq 120); do
        if answers; then return 0; fi
        if ! kill -0 "$pid" 2>/dev/null; then break; fi
        sleep 0.25
    done
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    rm -f "$pidfile"
    return 1
}

start() {
    if answers; then
        echo "a Docker engine answers"
        return
    fi
    install
    mkdir -p "$state"
    : >"$log"
    # Some machines have no overlay file system, and some no right to change packet filters; a port
    # is then still published through dockerd's own proxy.
    try ||
        try --storage-driver=vfs ||
        try --iptables=false --ip6tables=false ||
        try --iptables=false --ip6tables=false --storage-driver=vfs || {
        echo "failed to start a Docker engine; the end of its log:" >&2
        tail -n 20 "$log" >&2
        return 1
    }
}

stop() {
    [ -f "$pidfile" ] || return 0
    local pid
    pid=$(cat "$pidfile")
    rm -f "$pidfile"
    # The number may be another process's by now.
    if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ]; then
        kill "$pid"
        while [ -d "/proc/$pid" ]; do sleep 0.1; done
    fi
}

case ${1:-} in
start | stop) "$1" ;;
*)
    echo "usage: $0 start|stop" >&2
    exit 2
    ;;
esac
