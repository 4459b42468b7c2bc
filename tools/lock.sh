#!/usr/bin/env bash
# Resolves pyproject.toml into requirements.txt (everything) and infra/requirements.txt (the program), with hashes
# and without addresses.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
uv=.venv/bin/uv
[ -x "$uv" ] || .venv/bin/python -m pip install --quiet uv
common=(--quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --universal --python-version 3.11 --no-annotate)
"$uv" pip compile "${common[@]}" --extra dev --output-file requirements.txt pyproject.toml
"$uv" pip compile "${common[@]}" --extra aws --extra cloudflare --output-file infra/requirements.txt pyproject.toml
# what the verifier is measured against stays out of the project's own environment
"$uv" pip compile "${common[@]}" --output-file bench/requirements.txt bench/requirements.in
