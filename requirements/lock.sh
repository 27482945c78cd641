#!/bin/sh
# Resolves the lock files again: hashes, no index addresses. Needs `uv` on the PATH.
set -eu
lock() {
  uv pip compile --quiet pyproject.toml --extra "$1" --override requirements/overrides.txt \
    --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --universal \
    ${2:+-c "$2"} -o "requirements/$1.lock"
  # What overrides.txt resolves away leaves no line (uv keeps it with a marker that never holds).
  awk '/^[^ ]/ { keep = !/sys_platform == .never./ } keep' "requirements/$1.lock" >"requirements/$1.tmp"
  mv "requirements/$1.tmp" "requirements/$1.lock"
}
lock dev
lock backend requirements/dev.lock
lock scheduler requirements/dev.lock
lock bench requirements/dev.lock
