#!/usr/bin/env bash
# All tests, lint and type checks. With CI set, an engine test that would be skipped fails the run.
# A file with a failed test runs once more, alone: a fault fails again. What passed only then is named: its test let a
# busy machine decide, which is a fault of the test (CONTRIBUTING.md).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bin=.venv/bin
most=4 # files: more are no accident
show() { echo "\$ $*"; "$@"; }
show "$bin/ruff" check .
show "$bin/ruff" format --check .
show "$bin/mypy" --strict
show "$bin/lint-imports"
status=0
show "$bin/python" -m pytest -n 2 --dist loadfile --cache-clear --durations=15 --durations-min=20 "$@" || status=$?
[ "$status" = 1 ] || exit "$status"
mapfile -t failed < <("$bin/python" -c 'import json; print(*sorted(json.load(open(".pytest_cache/v/cache/lastfailed"))), sep="\n")')
mapfile -t files < <(printf '%s\n' "${failed[@]%%::*}" | sort -u)
if [ ${#files[@]} -gt $most ]; then
  echo "failed tests in ${#files[@]} files: not run again"
  exit 1
fi
show "$bin/python" -m pytest "${files[@]}"
echo "passed only when run again, alone; each is a test to mend:"
printf '  %s\n' "${failed[@]}"
