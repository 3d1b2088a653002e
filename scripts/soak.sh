#!/bin/sh
# Mixed traffic on the local router, with callers who leave or stop reading, providers that reset, stall and fail, and processes that are stopped and
# killed; at the end records, counters, the ledger and what the providers say they answered are compared, and the slope of resident memory is printed.
# Fails when anything differs or memory grows.
# usage: scripts/soak.sh [MINUTES [SEED]]   30 minutes and a new seed without them
set -eu
cd "$(dirname "$0")/.."
project=tests/EdgeRouter.Soak
dotnet build "$project" -c Release -v quiet -nologo
exec "$project/bin/Release/net10.0/EdgeRouter.Soak" "$@"
