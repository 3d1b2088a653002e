#!/bin/sh
# Plays FailoverBench's 16 faults against the router on real sockets, streaming and not, and writes what was seen into the table of docs/failover.md.
# usage: scripts/failover-bench.sh
set -eu
cd "$(dirname "$0")/.."
project=tests/EdgeRouter.FunctionalTests
dotnet build "$project" -c Release -v quiet -nologo
EDGEROUTER_ACCEPT=1 "$project/bin/Release/net10.0/EdgeRouter.FunctionalTests" -noColor -noLogo -class '*FailoverBenchTests'
sed -n '/^<!-- failover-bench: begin -->$/,/^<!-- failover-bench: end -->$/p' docs/failover.md | grep '^|'
