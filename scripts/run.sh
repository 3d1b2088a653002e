#!/bin/sh
# Builds and starts the router on this machine. Needs the .NET SDK named in global.json and nothing else.
# usage: scripts/run.sh [--address IP] [--port N] [--new-keys]
set -eu
cd "$(dirname "$0")/.."
project=src/EdgeRouter.Local
build_log=$(mktemp)
if ! dotnet build "$project" -c Release -v quiet -nologo >"$build_log" 2>&1; then
    cat "$build_log" >&2
    rm -f "$build_log"
    exit 1
fi
rm -f "$build_log"
exec "$project/bin/Release/net10.0/EdgeRouter.Local" "$@"
