#!/usr/bin/env bash
# Generates four clients from the contract of a running registry, compiles them, and lets each do a hospital's morning;
# then looks at a cohort in R and in Python, whose figures have to agree with the registry's.
# A tool that cannot be had is a skip with its reason. Usage: run.sh URL KEY [FOLDER for what is generated]
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
url=$1 key=$2 work=${3:-$(mktemp -d)}
passed=0 failed=0 skipped=0
pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAILED $1"; tail -n 25 "$work/$1.log"; }
skip() { skipped=$((skipped + 1)); echo "SKIPPED $1: $2"; }
quietly() { local log=$1; shift; timeout 170 "$@" >>"$work/$log.log" 2>&1; }
mkdir -p "$work"
cp -r "$here"/{Directory.Build.props,Directory.Packages.props,nswag,kiota,typescript,hey-api} "$work/"
curl -sf "$url/openapi/v1.json" -o "$work/registry.json" || { echo "No registry answers at $url."; exit 1; }

tool() { # package, version, command
  [ -x "$work/tools/$3" ] || quietly "$3" dotnet tool install "$1" --version "$2" --tool-path "$work/tools"
}

rm -f "$work"/*.log
if ! tool NSwag.ConsoleCore 14.7.1 nswag; then
  skip nswag "the package NSwag.ConsoleCore cannot be had"
elif quietly nswag "$work/tools/nswag" openapi2csclient /input:"$work/registry.json" /output:"$work/nswag/Client.cs" /namespace:Registry.Client /className:RegistryClient /generateOptionalParameters:true \
  && quietly nswag dotnet run --project "$work/nswag" -- "$url" "$key"; then
  pass; tail -n 1 "$work/nswag.log"
else
  fail nswag
fi

if ! tool Microsoft.OpenApi.Kiota 1.38.0 kiota; then
  skip kiota "the package Microsoft.OpenApi.Kiota cannot be had"
elif KIOTA_OFFLINE_ENABLED=true quietly kiota "$work/tools/kiota" generate -l CSharp -d "$work/registry.json" -o "$work/kiota/Client" -n Registry.Client -c RegistryClient \
  && quietly kiota dotnet run --project "$work/kiota" -- "$url" "$key"; then
  pass; tail -n 1 "$work/kiota.log"
else
  fail kiota
fi

morning() { # folder, generator and its arguments
  local folder=$1
  shift
  if ! command -v npm >/dev/null; then
    skip "$folder" "npm is not there"
  elif ! (cd "$work/$folder" && quietly "$folder" npm install --no-audit --no-fund --ignore-scripts); then
    skip "$folder" "the packages cannot be had"
  elif (cd "$work/$folder" && quietly "$folder" npx "$@" && quietly "$folder" npx tsc && quietly "$folder" node out/morning.js "$url" "$key"); then
    pass; tail -n 1 "$work/$folder.log"
  else
    fail "$folder"
  fi
}
morning typescript openapi-typescript ../registry.json -o registry.d.ts
morning hey-api openapi-ts -i ../registry.json -o client

if ! command -v Rscript >/dev/null; then
  skip r "Rscript is not there"
elif quietly r Rscript "$here/r/cohort.R" "$url" "$key" "$work"; then
  pass; tail -n 1 "$work/r.log"
else
  fail r
fi

python=
for found in python3 /usr/bin/python3; do
  [ -n "$python" ] || ! "$found" -c 'import matplotlib' 2>/dev/null || python=$found
done
if [ -z "$python" ]; then
  skip python "Python with matplotlib is not there"
elif quietly python "$python" "$here/python/cohort.py" "$url" "$key" "$work"; then
  pass; tail -n 1 "$work/python.log"
else
  fail python
fi

echo "passed=$passed failed=$failed skipped=$skipped"
[ "$failed" -eq 0 ]
