#!/usr/bin/env bash
# Fetches TypeScript's compiler with npm, where it can, and prints its path, for PILASTER_TSC. Prints
# nothing where it can't: the test of the TypeScript types then says that it is skipped.
#
#     .ci/typescript.sh
#
# It is kept in $PILASTER_CI_STATE (by default /var/tmp/pilaster-ci).
set -euo pipefail

version=5.9.3
kept=${PILASTER_CI_STATE:-/var/tmp/pilaster-ci}/typescript-$version
compiler=$kept/node_modules/.bin/tsc

command -v node >/dev/null && command -v npm >/dev/null || exit 0

fetch() {
    local work
    work=$(mktemp -d "$(dirname "$kept")/fetch.XXXXXX")
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$work" \
        "typescript@$version" >&2 || { rm -rf "$work"; return 1; }
    rm -rf "$kept"
    mv "$work" "$kept"
}

mkdir -p "$(dirname "$kept")"
[ -x "$compiler" ] || fetch || exit 0
"$compiler" --version >/dev/null 2>&1 && echo "$compiler"
exit 0
