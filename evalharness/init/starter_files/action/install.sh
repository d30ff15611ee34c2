#!/usr/bin/env bash
# Installs evalharness into a folder of its own; what is installed comes from the action, never from the change.
set -euo pipefail
place="${RUNNER_TEMP:?}/evalharness"
python3 -m venv "$place"
"$place/bin/python" -m pip install --quiet --disable-pip-version-check "${EVALHARNESS_VERSION:-${GITHUB_ACTION_PATH:?}}"
echo "$place/bin" >> "${GITHUB_PATH:?}"
