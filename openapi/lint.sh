#!/usr/bin/env bash
# Lints the committed contract with Spectral and Redocly: a warning is a failure. A tool that cannot be had is a skip with its reason.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0
lint() { # name, package, command…
  local name=$1 package=$2 status=0
  shift 2
  if ! command -v npm >/dev/null; then
    skipped=$((skipped + 1)); echo "SKIPPED $name: npm is not there"
  elif ! timeout 120 npm install --prefix "$work" --no-audit --no-fund --ignore-scripts "$package" >"$work/$name.log" 2>&1; then
    skipped=$((skipped + 1)); echo "SKIPPED $name: the package $package cannot be had"
  elif { timeout 120 "$@" >"$work/$name.log" 2>&1; status=$?; [ "$status" -eq 124 ]; }; then
    skipped=$((skipped + 1)); echo "SKIPPED $name: it did not end within two minutes"
  elif [ "$status" -eq 0 ] && ! grep -qiE '[1-9][0-9]* warnings?' "$work/$name.log"; then
    passed=$((passed + 1)); echo "$name: no error, no warning"
  else
    failed=$((failed + 1)); echo "FAILED $name"; tail -n 40 "$work/$name.log"
  fi
}

cd "$here"
lint spectral @stoplight/spectral-cli@6.16.3 "$work/node_modules/.bin/spectral" lint --fail-severity hint --ruleset .spectral.yaml registry.v1.json
lint redocly @redocly/cli@2.77.0 "$work/node_modules/.bin/redocly" lint --config redocly.yaml registry.v1.json registry.v1-3.0.json
echo "passed=$passed failed=$failed skipped=$skipped"
[ "$failed" -eq 0 ]
