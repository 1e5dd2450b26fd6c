#!/usr/bin/env bash
# Every check that needs no test run. Goes on after a failure, so that one run shows them all.
set -uo pipefail
bin=.venv/bin
export DJANGO_SETTINGS_MODULE=qunxing.config.settings
failed=()

check() {
  local title=$1
  shift
  printf '\n--- %s\n' "$title"
  "$@" || failed+=("$title")
}

deployment() {
  local data
  data=$(mktemp -d)
  QUNXING_DATA=$data QUNXING_DEBUG=false QUNXING_HTTPS=true QUNXING_ALLOWED_HOSTS=qunxing.example \
    "$bin/django-admin" check --deploy --fail-level WARNING
  local status=$?
  rm -rf "$data"
  return $status
}

migrations() {
  local data
  data=$(mktemp -d)
  QUNXING_DATA=$data "$bin/django-admin" makemigrations --check --dry-run
  local status=$?
  rm -rf "$data"
  return $status
}

check "ruff check" "$bin/ruff" check --quiet .
check "ruff format" "$bin/ruff" format --check --quiet .
check "mypy" "$bin/mypy"
check "layers" "$bin/lint-imports" --no-logo
check "templates" "$bin/djlint" src --lint --quiet
check "translations" "$bin/python" tools/messages.py check
check "migrations" migrations
check "check --deploy" deployment

printf '\n'
if [ ${#failed[@]} -gt 0 ]; then
  printf 'lint: failed: %s\n' "${failed[*]}"
  exit 1
fi
echo "lint: all good"
