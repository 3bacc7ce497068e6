#!/usr/bin/env bash
# Every check that reads the code instead of running it. All of them run; the first failure does not hide the rest.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# The settings are read by two of the tools: a demo's defaults, on a database that exists in memory only.
export S2S_DEMO=1 DATABASE_URL=sqlite://:memory:
unset DJANGO_SETTINGS_MODULE
PATH="$PWD/.venv/bin:$PATH"
failed=()

check() {
  local name=$1
  shift
  local said
  if said=$("$@" 2>&1); then echo "ok      $name"; else
    echo "FAILED  $name"
    sed 's/^/        /' <<<"$said"
    failed+=("$name")
  fi
}
# Each prints the offending lines and succeeds only if there are none.
no_addresses_in_locks() { ! grep -nE '://|index-url|find-links' requirements*.txt; }
no_addresses_in_package_lock() { ! grep -nE '"resolved"|https?://' package-lock.json; }

check "ruff check" ruff check .
check "ruff format" ruff format --check .
check "floor plan (import-linter)" lint-imports
check "types (mypy)" mypy
check "templates (djlint)" djlint --lint --quiet templates
check "migrations match the models" python manage.py makemigrations --check --dry-run
check "Django's own checks" python manage.py check --fail-level WARNING
check "lock files name no address" no_addresses_in_locks
check "package-lock names no address" no_addresses_in_package_lock
if ((${#failed[@]})); then
  echo "lint: ${#failed[@]} failed"
  exit 1
fi
