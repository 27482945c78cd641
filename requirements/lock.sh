#!/bin/sh
# Resolves the lock files again: hashes, no index addresses. Needs `uv` on the PATH.
set -eu
# lock NAME CONSTRAINTS EXTRA…: what the extras need → requirements/NAME.lock
lock() {
  name=$1 constraints=$2
  shift 2
  for extra; do set -- "$@" --extra "$extra"; shift; done
  uv pip compile --quiet pyproject.toml "$@" --override requirements/overrides.txt \
    --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --universal \
    ${constraints:+-c "$constraints"} -o "requirements/$name.lock"
  # What overrides.txt resolves away leaves no line (uv keeps it with a marker that never holds).
  awk '/^[^ ]/ { keep = !/sys_platform == .never./ } keep' "requirements/$name.lock" >"requirements/$name.tmp"
  mv "requirements/$name.tmp" "requirements/$name.lock"
}
lock dev '' dev
lock bench requirements/dev.lock bench
# What images install: a service, and the stores of a cloud.
lock backend requirements/dev.lock backend cloud
lock scheduler requirements/dev.lock scheduler
lock market requirements/dev.lock market venues cloud
lock ai-pod requirements/dev.lock ai-pod cloud
lock functions requirements/dev.lock functions
# Scanners' pins fit nobody else's.
lock deploy '' deploy
