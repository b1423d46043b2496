#!/usr/bin/env bash
# venv.sh FOLDER LOCK...: a virtual environment with exactly the pinned packages. Each lock holds all of the one before it.
# Made again when a lock or the interpreter's version changes; otherwise this costs a few milliseconds.
# PYTHON=... names the interpreter. Without it an environment that exists keeps its own, and a new one takes the first of
# python3.13, python3.12, python3.11 and python3 that runs.
set -euo pipefail

folder=$1
shift

version_of() { # "3.12.1", if the command runs and is a version that we support
    "$1" -c 'import platform, sys; (3, 11) <= sys.version_info < (3, 14) or sys.exit(1); print(platform.python_version())' 2>/dev/null
}

candidates=("$folder/bin/python" python3.13 python3.12 python3.11 python3)
[ -z "${PYTHON:-}" ] || candidates=("$PYTHON")
version=
for python in "${candidates[@]}"; do
    # A version manager's shim may exist without working, so the test is that it runs.
    if version=$(version_of "$python"); then break; fi
done
if [ -z "$version" ]; then
    echo "Python 3.11, 3.12 or 3.13 is needed and none was found${PYTHON:+ at $PYTHON}. Name one: make run PYTHON=/path/to/python3.12" >&2
    exit 1
fi

stamp_of() { echo "$folder/.has-$(basename "$1")"; }
wanted_of() { echo "$version $(cksum <"$1")"; }

state=fresh
for lock in "$@"; do
    stamp=$(stamp_of "$lock")
    if [ ! -e "$stamp" ]; then
        [ "$state" = stale ] || state=missing
    elif [ "$(cat "$stamp")" != "$(wanted_of "$lock")" ]; then
        state=stale
    fi
done
[ -n "$(ls "$folder"/.has-* 2>/dev/null)" ] || state=stale # never finished, or not there at all
[ "$state" != fresh ] || exit 0

echo "setting up $folder with Python $version (the first time only)"
if [ "$state" = stale ]; then
    # Written into the environment itself, so it can't be removed under the interpreter that makes it.
    case "$python" in "$folder"/*) python=$("$python" -c 'import sys; print(sys._base_executable)') ;; esac
    rm -rf "$folder"
    if ! "$python" -m venv "$folder"; then
        rm -rf "$folder"
        echo "$python can't make a virtual environment (on Debian and Ubuntu: apt install python3-venv)" >&2
        exit 1
    fi
fi
# The lock is complete, and pip would ask for the extras of what it names. What is imported is compiled when it is: to
# compile all of it takes longer than to install it.
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --no-compile -r "${!#}"
for lock in "$@"; do wanted_of "$lock" >"$(stamp_of "$lock")"; done
