#!/bin/sh
# Installs the Chromium that the tests of the page drive (Debian and Ubuntu); elsewhere, says what is needed.
set -e
if [ -x /usr/bin/chromium ]; then
  echo 'Chromium is there: /usr/bin/chromium'
elif command -v apt-get >/dev/null; then
  sudo apt-get install --no-install-recommends --yes chromium
else
  echo 'Install Chromium so that it can be started as /usr/bin/chromium.' >&2
  exit 1
fi
