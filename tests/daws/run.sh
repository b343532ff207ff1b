#!/bin/sh
# The tests that drive a real DAW. Installs what is missing (Debian, Ubuntu); PYTHON names the interpreter.
set -eu
cd "$(dirname "$0")/../.."
tests/support/install.sh test ardour
CI=true exec "${PYTHON:-.venv/bin/python}" -m pytest tests/daws -m "ardour or not ardour" "$@"
