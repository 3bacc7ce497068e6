#!/usr/bin/env bash
# Build static/build with npm: this machine's, if its node is new enough, or else the one from pip's node wheel.
# A stamp holds the checksum of every source, so a second run takes no time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
oldest_node=20
stamp=static/build/.built-from

sources() { find package.json package-lock.json .npmrc static/src -type f -print0 | sort -z | xargs -0 sha256sum; }
fingerprint=$(sources | sha256sum | cut -d' ' -f1)
if [[ -f $stamp && $(<"$stamp") == "$fingerprint" ]]; then exit 0; fi

node_is_new() { node -e "process.exit(parseInt(process.versions.node) < $oldest_node ? 1 : 0)" 2>/dev/null; }
if ! command -v npm >/dev/null || ! node_is_new; then
  if [[ ! -x .venv/bin/npm ]]; then
    echo "No node $oldest_node or newer here: installing one into .venv, for building only."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.txt
  fi
  PATH="$PWD/.venv/bin:$PATH"
fi
echo "Building the styles and scripts with node $(node --version)."
npm ci --no-progress --loglevel=error
npm run --silent build
mkdir -p static/build
echo "$fingerprint" >"$stamp"
