#!/usr/bin/env bash
# Fuzzes one way in for hostile input with atheris. Usage: tools/fuzz.sh TARGET [SECONDS]
# atheris lives in .cache/fuzz/venv. What a run finds worth keeping is merged into tests/fuzz/corpus/TARGET, which an
# ordinary test replays; an input that breaks an invariant ends the run and stays in .cache/fuzz/TARGET.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=${PYTHON:-.venv/bin/python}
[ -x "$python" ] || { printf 'error: there is no %s\n  fix: make setup\n' "$python" >&2; exit 2; }
targets=$("$python" -c 'from tests.fuzz.target import TARGETS; print(*TARGETS)')
target=${1:-} seconds=${2:-300}
[[ -n "$target" && " $targets " == *" $target "* ]] || { printf 'error: there is no target %q\n  fix: tools/fuzz.sh TARGET [SECONDS], with one of: %s\n' "$target" "$targets" >&2; exit 2; }

venv=.cache/fuzz/venv
if [ ! -e "$venv/.complete" ]; then
  "$python" -m venv --clear "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r tools/fuzz-requirements.txt
  # the project's own dependencies, in the versions that it pins
  "$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"), "'"$PWD"'/infra", sep="\n")' >"$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/project.pth"
  touch "$venv/.complete"
fi

corpus=tests/fuzz/corpus/$target work=.cache/fuzz/$target
mkdir -p "$work/new"
fuzz() { nice -n 10 "$venv/bin/python" -m tests.fuzz.run "$target" "$@"; }
"$venv/bin/python" -m tests.fuzz.keep seed "$target"
status=0
fuzz "$work/new" "$corpus" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1500 -print_final_stats=1 -artifact_prefix="$work/broken-" || status=$?
# the fewest inputs that reach as far as all of them, beside those with a name: what is in the repository stays small
rm -rf "$work/merged" && mkdir "$work/merged"
find "$corpus" -type f -regextype posix-extended -not -regex '.*/[0-9a-f]{40}' -exec cp {} "$work/merged" \;
fuzz -merge=1 -use_counters=0 -timeout=20 -rss_limit_mb=1500 -artifact_prefix="$work/merge-" "$work/merged" "$corpus" "$work/new" >"$work/merge.log" 2>&1 || status=$?
rm -rf "$corpus" && cp -r "$work/merged" "$corpus"
"$venv/bin/python" -m tests.fuzz.keep trim "$target"
echo "corpus: $(find "$corpus" -type f | wc -l) inputs, $(du -sb "$corpus" | cut -f1) octets"
[ "$status" = 0 ] || echo "an input broke an invariant: see $work/broken-* above; keep it in $corpus under a name that says why, once it is fixed" >&2
exit "$status"
