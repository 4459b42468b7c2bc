#!/usr/bin/env bash
# All tests, lint and type checks. With CI set, an engine test that would be skipped fails the run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bin=.venv/bin
show() { echo "\$ $*"; "$@"; }
show "$bin/ruff" check .
show "$bin/ruff" format --check .
show "$bin/mypy" --strict
show "$bin/lint-imports"
show "$bin/python" -m pytest -n 2 --dist loadfile --durations=15 --durations-min=20 "$@"
