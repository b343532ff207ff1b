#!/bin/sh
# The tests that drive a real DAW. Installs what is missing (Debian, Ubuntu); PYTHON names the interpreter.
set -eu
cd "$(dirname "$0")/../.."
PYTHON=${PYTHON:-.venv/bin/python}
missing=""
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need ardour ardour
need Xvfb xvfb
need xdotool xdotool
need import imagemagick
need lua5.3 lua5.3
need oscsend liblo-tools
need sclang supercollider-language
if [ -n "$missing" ]; then
	if ! command -v apt-get >/dev/null 2>&1; then
		echo "Please install:$missing" >&2
		exit 2
	fi
	sudo=""
	[ "$(id -u)" = 0 ] || sudo=sudo
	$sudo apt-get update
	# shellcheck disable=SC2086
	$sudo apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing
fi
if command -v npm >/dev/null 2>&1 && ! test -d out/npm/node_modules/node-osc; then
	mkdir -p out/npm
	npm install --prefix out/npm --no-save --no-audit --no-fund --ignore-scripts node-osc@9.1.4 ||
		echo "node-osc was not installed; its test is skipped" >&2
fi
exec "$PYTHON" -m pytest tests/daws -m "ardour or not ardour" "$@"
