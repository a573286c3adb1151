#!/usr/bin/env bash
# Builds an image of PostgreSQL from Debian's packages, for machines that can reach a package mirror
# but no image registry, and prints its name on the last line. Does nothing where the image is there.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=.ci/packages.sh
. ./packages.sh

package_lists
state=${PILASTER_CI_STATE:-/var/tmp/pilaster-ci}
# shellcheck source=/dev/null
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
version=$(apt-cache show postgresql | sed -n 's/^Version: \([0-9]*\).*/\1/p' | head -n 1)
image=pilaster-ci/postgres:$version
recipe=$(cat docker-image.sh docker-entrypoint.sh | sha256sum | cut -c 1-16)
archive=$state/postgres-$suite-$version-$recipe.tar

if [ "$(docker image inspect -f '{{index .Config.Labels "recipe"}}' "$image" 2>/dev/null)" = "$recipe" ]
then
    echo "the image is there"
    echo "$image"
    exit
fi

# Where apt gets the release from, whichever of its two formats of sources is in use.
mirror() {
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v suite="$suite" '$2 == suite && $3 == "main" { print $1; exit }'
}

build() {
    rm -f "$state"/postgres-*.tar "$state"/postgres-*.tar.part
    command -v debootstrap >/dev/null || install_packages debootstrap
    root=$(mktemp -d "$state/root.XXXXXX")
    trap 'rm -rf --one-file-system "$root"' EXIT
    debootstrap --variant=minbase --include="postgresql-$version" \
        "$suite" "$root" "$(mirror)" >"$state/debootstrap.log" 2>&1 || {
        tail -n 20 "$state/debootstrap.log" >&2
        return 1
    }
    rm -rf "$root"/var/lib/postgresql/* "$root"/etc/postgresql/* \
        "$root"/var/cache/apt "$root"/var/lib/apt/lists "$root"/usr/share/{doc,locale,man} \
        "$root"/etc/apt/sources.list
    install -m 755 docker-entrypoint.sh "$root/usr/local/bin/docker-entrypoint.sh"
    tar -C "$root" --one-file-system -cf "$archive.part" .
    mv "$archive.part" "$archive"
}

mkdir -p "$state"
[ -s "$archive" ] || build
docker import \
    --change 'ENTRYPOINT ["docker-entrypoint.sh"]' \
    --change 'CMD ["postgres"]' \
    --change 'EXPOSE 5432' \
    --change 'ENV PGDATA=/var/lib/postgresql/data' \
    --change "ENV PATH=/usr/lib/postgresql/$version/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
    --change "LABEL recipe=$recipe" \
    "$archive" "$image" >/dev/null
echo "$image"
