#!/usr/bin/env bash
# Runs the check, writes the job summary, and says verdict and exit code; the last step of the action fails, not this.
set -euo pipefail
folder="${RUNNER_TEMP:?}/evalharness-check"
rm -rf "$folder"
base="${EVALHARNESS_BASE:-}"
if [ -z "$base" ]; then
  base="$(python3 -I -c 'import json, os; print(json.load(open(os.environ["GITHUB_EVENT_PATH"])).get("pull_request", {}).get("base", {}).get("sha", "") or "origin/main")')"
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
  cat "$folder/summary.md" >> "${GITHUB_STEP_SUMMARY:?}"
fi
{
  echo "verdict=$verdict"
  echo "exit-code=$code"
  echo "folder=$folder"
} >> "${GITHUB_OUTPUT:?}"
