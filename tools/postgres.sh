#!/usr/bin/env bash
# A PostgreSQL for tests: a cluster of its own in a temporary folder, on loopback and a free port, with nothing worth keeping.
#   postgres.sh run COMMAND …   runs the command with DATABASE_URL set, then stops the cluster and removes its folder
#   postgres.sh start           starts one and prints DIR and DATABASE_URL as shell assignments
#   postgres.sh stop DIR        stops it and removes its folder
# As root it installs PostgreSQL where it is missing, and runs it as another user, as PostgreSQL demands.
set -euo pipefail

say() { echo "postgres: $*" >&2; }

bindir() {
  local folder
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort --reverse) "$(pg_config --bindir 2>/dev/null || true)"; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
      echo "$folder"
      return 0
    fi
  done
  folder=$(command -v initdb) && dirname "$folder"
}

install_server() {
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "no server was found. On Debian and Ubuntu: apt-get install postgresql"
    return 1
  fi
  say "installing the server"
  # Without this Debian's package would make and start a cluster of its own.
  mkdir -p /etc/postgresql-common/createcluster.d
  echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/no-main.conf
  export DEBIAN_FRONTEND=noninteractive
  apt-get update >/dev/null
  apt-get install -y --no-install-recommends postgresql >/dev/null
}

owner() {
  if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi
}

as_owner() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u "$(owner)" -- "$@")
  else
    "$@"
  fi
}

free_port() {
  "$([ -x .venv/bin/python ] && echo .venv/bin/python || echo python3)" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start() {
  local bin port
  bin=$(bindir) || true
  [ -n "$bin" ] || { install_server && bin=$(bindir); }
  DIR=$(mktemp -d "${TMPDIR:-/tmp}/qunxing-postgres.XXXXXX")
  [ "$(id -u)" != 0 ] || chown "$(owner)" "$DIR"
  port=$(free_port)
  as_owner "$bin/initdb" -D "$DIR/data" -U qunxing --auth=trust --encoding=UTF8 --no-locale --no-sync >/dev/null
  # Nothing need last, and the questions are small: no compiling of them, no tidying up.
  as_owner "$bin/pg_ctl" -D "$DIR/data" -l "$DIR/log" -w -t 60 \
    -o "-c listen_addresses=127.0.0.1 -p $port -k $DIR -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=50 -c jit=off -c autovacuum=off -c wal_level=minimal -c max_wal_senders=0" \
    start >/dev/null || { as_owner cat "$DIR/log" >&2; return 1; }
  DATABASE_URL="postgresql://qunxing@127.0.0.1:$port/postgres"
  say "$("$bin/postgres" --version) on port $port"
}

stop() {
  local bin
  bin=$(bindir)
  [ ! -f "$1/data/postmaster.pid" ] || as_owner "$bin/pg_ctl" -D "$1/data" -m immediate -w stop >/dev/null
  rm -rf "$1"
}

case "${1:-}" in
  run)
    shift
    DIR=
    trap '[ -z "$DIR" ] || stop "$DIR"' EXIT
    trap 'exit 130' INT TERM
    start
    export DATABASE_URL
    "$@"
    ;;
  start)
    start
    printf 'DIR=%q\nDATABASE_URL=%q\n' "$DIR" "$DATABASE_URL"
    ;;
  stop)
    stop "${2:?the folder that start printed}"
    ;;
  *)
    sed -n '2,6s/^# //p' "$0"
    exit 2
    ;;
esac
