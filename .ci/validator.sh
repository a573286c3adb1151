#!/usr/bin/env bash
# Fetches a JSON Schema validator, Python's package jsonschema, where it can, and prints the Python
# that has it, for PILASTER_PYTHON. Prints nothing where it can't: the test that asks it then says that
# it is skipped.
#
#     .ci/validator.sh
#
# It is kept in $PILASTER_CI_STATE (by default /var/tmp/pilaster-ci).
set -euo pipefail

version=4.26.0
kept=${PILASTER_CI_STATE:-/var/tmp/pilaster-ci}/validator-$version
python=$kept/python

command -v python3 >/dev/null || exit 0

fetch() {
    python3 -m pip --version >/dev/null 2>&1 || return 1
    local work
    work=$(mktemp -d "$(dirname "$kept")/fetch.XXXXXX")
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
        --only-binary :all: --target "$work/packages" "jsonschema==$version" >&2 ||
        { rm -rf "$work"; return 1; }
    # A Python that finds the packages, whatever else the machine's own has.
    printf '#!/bin/sh\nPYTHONPATH=%s/packages exec python3 "$@"\n' "$kept" >"$work/python"
    chmod -R a+rX "$work"
    chmod a+x "$work/python"
    rm -rf "$kept"
    mv "$work" "$kept"
}

mkdir -p "$(dirname "$kept")"
[ -x "$python" ] || fetch || exit 0
"$python" -c 'import jsonschema' 2>/dev/null && echo "$python"
exit 0
