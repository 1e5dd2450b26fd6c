#!/usr/bin/env bash
# Sees to a browser and a Chinese font for the browser tests and the pictures: installs Debian's as root, else says that they are missing.
set -euo pipefail

has_browser() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
has_font() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family)" ]; }

if has_browser && has_font; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "browser: installing chromium and fonts-noto-cjk"
  export DEBIAN_FRONTEND=noninteractive
  if { apt-get update && apt-get install -y --no-install-recommends chromium fontconfig fonts-noto-cjk; } >/dev/null 2>&1; then
    exit 0
  fi
  echo "browser: the packages could not be installed"
fi
has_browser || echo "browser: SKIPPED: no chromium here, so the browser tests will be skipped (Debian: apt-get install chromium)"
has_font || echo "browser: no Chinese font here, so pictures will show boxes (Debian: apt-get install fonts-noto-cjk)"
