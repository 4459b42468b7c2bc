#!/usr/bin/env bash
# The Pythons to test beside the one of .venv: 3.11, the oldest that is supported, and the newest installed up to 3.13, the newest
# that the locks were made for. One a line.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
number() { "$1" -c 'import sys, ensurepip; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }
ours=$(number .venv/bin/python)
declare -A found=()
for python in $(compgen -c python3. | grep -xE 'python3\.[0-9]+' | sort -u) "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3; do
  version=$(number "$python") || continue # a shim of a version that is not chosen here, or a Python without venv
  case $version in 3.11 | 3.12 | 3.13) ;; *) continue ;; esac
  found[$version]=${found[$version]:-$python}
done
newest=$(printf '%s\n' "${!found[@]}" "$ours" | grep . | sort -V | tail -1)
for version in $(printf '3.11\n%s\n' "$newest" | sort -Vu); do
  [ "$version" = "$ours" ] || [ -z "${found[$version]:-}" ] || echo "${found[$version]}"
done
