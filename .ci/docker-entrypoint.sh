#!/bin/bash
# What the official PostgreSQL image does at its start, as far as the conformance suite needs it:
# POSTGRES_PASSWORD, POSTGRES_USER, POSTGRES_DB, POSTGRES_HOST_AUTH_METHOD and
# POSTGRES_INITDB_ARGS; the arguments are those of `postgres`.
set -euo pipefail

if [ "${1:-}" = postgres ] || [ "${1:0:1}" = - ]; then
    [ "$1" = postgres ] && shift
    user=${POSTGRES_USER:-postgres}
    method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
    if [ -z "${POSTGRES_PASSWORD:-}" ] && [ "$method" != trust ]; then
        echo "error: POSTGRES_PASSWORD is not set, and POSTGRES_HOST_AUTH_METHOD is not trust" >&2
        exit 1
    fi
    as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; }
    install -d -m 700 -o postgres -g postgres "$PGDATA"
    install -d -m 775 -o postgres -g postgres /var/run/postgresql
    if [ ! -s "$PGDATA/PG_VERSION" ]; then
        secret=$(mktemp)
        chown postgres "$secret"
        printf '%s\n' "${POSTGRES_PASSWORD:-}" >"$secret"
        pwfile=()
        [ -n "${POSTGRES_PASSWORD:-}" ] && pwfile=(--pwfile="$secret")
        # shellcheck disable=SC2086
        as_postgres initdb --username="$user" "${pwfile[@]}" --auth-local=trust \
            --encoding=UTF8 --locale=C.UTF-8 ${POSTGRES_INITDB_ARGS:-}
        rm -f "$secret"
        echo "host all all all $method" >>"$PGDATA/pg_hba.conf"
        database=${POSTGRES_DB:-$user}
        if [ "$database" != postgres ]; then
            echo "CREATE DATABASE \"${database//\"/\"\"}\"" |
                as_postgres postgres --single -D "$PGDATA" postgres
        fi
    fi
    exec setpriv --reuid=postgres --regid=postgres --init-groups -- \
        postgres -D "$PGDATA" -c listen_addresses='*' "$@"
fi
exec "$@"
