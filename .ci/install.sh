#!/usr/bin/env bash
# Make .venv and install the hashed lock into it: `runtime` for the demo, `dev` with the tools for tests.
# A stamp holds the lock's checksum, so a second run takes no time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
kind=${1:-dev}

works() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if [[ -x .venv/bin/python ]] && ! works .venv/bin/python; then
  echo "The Python of .venv is gone or older than 3.11: run \`make clean\` and then this command again." >&2
  exit 1
fi
if [[ ! -x .venv/bin/pip ]]; then
  python=
  for candidate in "${PYTHON:-}" python3.11 python3 python3.12 python3.13; do
    if [[ -n $candidate ]] && works "$candidate"; then python=$candidate; break; fi
  done
  if [[ -z $python ]]; then
    echo "Python 3.11 or newer is needed, and this machine has $(python3 --version 2>&1 || echo none)." \
      "Install python3.11, or name one: make PYTHON=/path/to/python3.11 …" >&2
    exit 1
  fi
  if ! "$python" -m venv .venv; then
    rm -rf .venv
    echo "$python cannot make a virtual environment: install its venv package (Debian: apt-get install python3-venv)." >&2
    exit 1
  fi
fi

fingerprint() { sha256sum "$1" | cut -d' ' -f1; }
installed() { [[ -f .venv/installed-$1 && $(<".venv/installed-$1") == "$(fingerprint "$1")" ]]; }

if [[ $kind == dev ]]; then lock=requirements-dev.txt; else lock=requirements.txt; fi
# The development lock holds the runtime lock, line by line.
if installed "$lock" || { [[ $kind == runtime ]] && installed requirements-dev.txt; }; then exit 0; fi
echo "Installing $lock into .venv; the first time this takes a minute or two."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
fingerprint "$lock" >".venv/installed-$lock"
