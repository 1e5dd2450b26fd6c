#!/usr/bin/env bash
# Runs every benchmark, or the ones named. Usage: bench.sh [NAME …]
set -euo pipefail
shopt -s nullglob
if [ $# -eq 0 ]; then
  for file in benchmarks/*.py; do
    name=$(basename "$file" .py)
    [[ $name == _* ]] || set -- "$@" "$name"
  done
fi
for name in "$@"; do
  printf '\n--- %s\n' "$name"
  .venv/bin/python "benchmarks/$name.py"
done
