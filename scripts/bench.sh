#!/bin/sh
# Prints what the router adds to a call, allocates a request, holds for idle streams, takes to start, and takes to plan a request.
# usage: scripts/bench.sh [overhead | allocation | idle-streams | startup [CATALOG.json | synthetic] | planning | micro ...]
set -eu
cd "$(dirname "$0")/.."
project=tests/EdgeRouter.Benchmarks
dotnet build "$project" -c Release -v quiet -nologo
bench="$project/bin/Release/net10.0/EdgeRouter.Benchmarks"
if [ $# -gt 0 ]; then exec "$bench" "$@"; fi
for figure in overhead allocation idle-streams startup planning; do
    echo "== $figure"
    "$bench" "$figure"
done
