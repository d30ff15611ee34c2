#!/usr/bin/env bash
# Runs the check, writes the job summary, and says verdict and exit code; the last step of the action fails, not this.
set -euo pipefail
folder="${RUNNER_TEMP:?}/evalharness-check"
mkdir -p "$folder"
find "$folder" -mindepth 1 -maxdepth 1 ! -name grades -exec rm -rf {} + # grades are those of the cache
base="${EVALHARNESS_BASE:-}"
# What the host checks out is its own merge: its first parent is what the change goes to, with main's latest reports.
if [ -z "$base" ] && [[ "${GITHUB_REF:-}" == refs/pull/*/merge ]] && git rev-parse --quiet --verify "HEAD^2" > /dev/null; then
  base="HEAD^1"
fi
if [ -z "$base" ]; then
  base="$(python3 -I -c 'import json, os; event = json.load(open(os.environ["GITHUB_EVENT_PATH"])); print(event.get("merge_group", {}).get("base_sha", "") or event.get("pull_request", {}).get("base", {}).get("sha", "") or "origin/main")')"
fi
flags=("--base=$base" "--out=$folder" --annotations=github)
if [ -n "${EVALHARNESS_GRADER:-}" ]; then flags+=("--grader=$EVALHARNESS_GRADER"); fi
while IFS= read -r line; do
  if [ -n "$line" ]; then flags+=("$line"); fi
done <<< "${EVALHARNESS_ARGUMENTS:-}"
code=0
evalharness check "${flags[@]}" || code=$?
verdict=""
if [ -f "$folder/check.json" ]; then
  verdict="$(python3 -I -c 'import json, sys; print(json.load(open(sys.argv[1]))["verdict"])' "$folder/check.json")"
fi
if [ -f "$folder/summary.md" ]; then cat "$folder/summary.md" >> "${GITHUB_STEP_SUMMARY:?}"; fi
{
  echo "verdict=$verdict"
  echo "exit-code=$code"
  echo "folder=$folder"
} >> "${GITHUB_OUTPUT:?}"
