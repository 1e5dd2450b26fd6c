#!/usr/bin/env bash
# Says what to do where there is no Node.js to fetch and copy the front-end files with.
set -euo pipefail
oldest=18

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "setup: Node.js $oldest or newer with npm is needed to fetch the front-end files. On Debian and Ubuntu: apt-get install nodejs npm" >&2
  exit 1
fi
major=$(node -p 'process.versions.node.split(".")[0]')
if [ "$major" -lt "$oldest" ]; then
  echo "setup: Node.js $(node --version) is too old; $oldest or newer is needed." >&2
  exit 1
fi
