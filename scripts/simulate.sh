#!/bin/sh
# Compares the routing policies on a virtual clock: prints a table of cost, waiting, errors and hammering, and draws it.
# usage: scripts/simulate.sh [--seed N] [--svg FILE]     the same seed gives the same table; the plot goes to simulation.svg unless told otherwise
set -eu
cd "$(dirname "$0")/.."
project=tests/EdgeRouter.Simulator
build_log=$(mktemp)
if ! dotnet build "$project" -c Release -v quiet -nologo >"$build_log" 2>&1; then
    cat "$build_log" >&2
    rm -f "$build_log"
    exit 1
fi
rm -f "$build_log"
case " $* " in
    *" --svg "*) ;;
    *) set -- "$@" --svg simulation.svg ;;
esac
exec "$project/bin/Release/net10.0/EdgeRouter.Simulator" "$@"
