#!/usr/bin/env bash
# Installs evalharness into a folder of its own; what is installed comes from the action, never from the change.
# Without -I, a venv.py or pip.py of the change would run here.
set -euo pipefail
cd "${RUNNER_TEMP:?}"
place="$RUNNER_TEMP/evalharness"
python3 -I -m venv "$place"
"$place/bin/python" -I -m pip install --quiet --disable-pip-version-check "${EVALHARNESS_VERSION:-${GITHUB_ACTION_PATH:?}}"
echo "$place/bin" >> "${GITHUB_PATH:?}"
# What the project's cache and artifact are called after: two projects in one run must not take each other's.
slug="$(printf '%s' "${PROJECT:-.}" | tr -cs 'A-Za-z0-9' '-' | sed 's/^-*//; s/-*$//')"
echo "slug=${slug:+-$slug}" >> "${GITHUB_OUTPUT:?}"
