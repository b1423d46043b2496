#!/usr/bin/env bash
# What `make deploy` runs. Answers are remembered in .local/deploy/, so the second time Enter is enough.
# --yes takes all remembered answers; --region, --stack and NAME=VALUE preset one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export SAM="${SAM:-$PWD/.venv-sam/bin/sam}" SAM_CLI_TELEMETRY=0

# Functions run on Python 3.13, and what the layers compile must be compiled by it.
if ! python3.13 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; then
    echo "make deploy needs python3.13 on the PATH: the functions run on it, and their layers are built with it." >&2
    exit 1
fi
exec .venv/bin/python -m infra.deploy "$@"
