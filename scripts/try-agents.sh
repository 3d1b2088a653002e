#!/bin/sh
# Installs coding agents from npm, without install scripts, and has each write a file and read it back through the router. The model is tests/agents/model.mjs.
# usage: scripts/try-agents.sh [NAME]   NAME: only the agents whose name contains it. Needs Linux on x64, Node 20 and 1.5 GB of disk.
set -eu
cd "$(dirname "$0")/.."
if [ "$(uname -sm)" != "Linux x86_64" ]; then
    echo "The agents are installed for Linux on x64 only; this is $(uname -sm)." >&2
    exit 2
fi
agents=tests/agents
if [ ! "$agents/node_modules/.package-lock.json" -nt "$agents/package-lock.json" ]; then
    (cd "$agents" && npm ci --ignore-scripts --no-audit --no-fund --omit=optional --loglevel=error)
fi
dotnet build src/EdgeRouter.Local -c Release -v quiet -nologo
EDGEROUTER_LOCAL="$PWD/src/EdgeRouter.Local/bin/Release/net10.0/EdgeRouter.Local"
export EDGEROUTER_LOCAL
exec node --test --test-reporter=spec ${1:+"--test-name-pattern=$1"} "$agents/agents.test.mjs"
