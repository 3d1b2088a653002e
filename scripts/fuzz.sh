#!/bin/sh
# Fuzzes request bodies and providers' answers: the router on real sockets, and its readers, writers and prices without. What fails is made small, printed,
# and kept in tests/EdgeRouter.FuzzTests/Corpus, which every run replays first.
# usage: scripts/fuzz.sh [MINUTES [SEED]]   10 minutes and a new seed without them
set -eu
cd "$(dirname "$0")/.."
project=tests/EdgeRouter.FuzzTests
dotnet build "$project" -c Release -v quiet -nologo
export EDGEROUTER_FUZZ_SECONDS=$((${1:-10} * 60)) EDGEROUTER_FUZZ_SEED="${2:-}" EDGEROUTER_FUZZ_SAVE=1
exec "$project/bin/Release/net10.0/EdgeRouter.FuzzTests" -noColor -noLogo
