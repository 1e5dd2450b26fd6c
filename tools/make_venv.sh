#!/usr/bin/env bash
# Makes .venv with the first Python that is new enough, unless it is there and works. Usage: make_venv.sh [PYTHON]
set -euo pipefail
oldest="3.11"

fits() {
  "$1" -c 'import sys; sys.exit(sys.version_info < tuple(map(int, sys.argv[1].split("."))))' "$oldest" 2>/dev/null
}

if [ -x .venv/bin/python ] && fits .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; then
  exit 0
fi
for candidate in "${1:-python3}" python3.13 python3.12 python3.11 python3.14 python3; do
  if fits "$candidate"; then
    echo "setup: .venv with $("$candidate" --version)"
    "$candidate" -m venv --clear .venv || {
      echo "setup: '$candidate -m venv' failed. On Debian and Ubuntu: apt-get install python3-venv" >&2
      exit 1
    }
    exit 0
  fi
done
echo "setup: no Python $oldest or newer was found. Install one, or name it: make setup PYTHON=/path/to/python3" >&2
exit 1
