#!/bin/sh
# Compares the routing policies on a virtual clock: prints a table of cost, waiting, errors and hammering, and draws it.
# usage: scripts/simulate.sh [--seed N] [--svg FILE]     the same seed gives the same table; the plot goes to simulation.svg unless told otherwise
#        EDGEROUTER_ACCEPT=1 scripts/simulate.sh         writes the table of docs/routing.md and its plot
set -eu
cd "$(dirname "$0")/.."
project=tests/EdgeRouter.Simulator
table=$(mktemp)
trap 'rm -f "$table" "$table.page"' EXIT
if ! dotnet build "$project" -c Release -v quiet -nologo >"$table" 2>&1; then
    cat "$table" >&2
    exit 1
fi
plot=simulation.svg
if [ "${EDGEROUTER_ACCEPT:-}" = 1 ]; then plot=$project/simulation.svg; fi
case " $* " in
    *" --svg "*) ;;
    *) set -- "$@" --svg "$plot" ;;
esac
"$project/bin/Release/net10.0/EdgeRouter.Simulator" "$@" >"$table"
cat "$table"
if [ "${EDGEROUTER_ACCEPT:-}" = 1 ]; then
    sed -e '/^<!-- simulation: begin -->$/,/^<!-- simulation: end -->$/{/^<!--/!d;}' -e "/^<!-- simulation: begin -->\$/r $table" docs/routing.md >"$table.page"
    cat "$table.page" >docs/routing.md
fi
