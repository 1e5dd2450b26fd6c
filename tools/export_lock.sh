#!/usr/bin/env bash
# Writes requirements.lock from uv.lock, with hashes and without any host name (docs/adr/0002-lock-without-hosts.md).
set -euo pipefail
lock=requirements.lock
draft=$(mktemp)
trap 'rm -f "$draft"' EXIT

{
  echo "# Every Python package of Qunxing with its hashes. Made by 'make lock'; do not edit."
  .venv/bin/uv export --quiet --locked --all-groups --no-emit-project --no-header --format requirements.txt
} >"$draft"
if grep -nE '://|--(index|extra-index|find-links)' "$draft"; then
  echo "lock: $lock would name a host; not written" >&2
  exit 1
fi
cat "$draft" >"$lock"
echo "lock: $(grep -c '==' "$lock") packages in $lock"
