#!/bin/sh
# Prints what a request costs on the Functions app and on the local host, side by side: real worker, emulated host, emulated Service Bus, Azurite; and what the app takes
# to start, and to hold. Further apps, such as the output folder of an earlier build, are measured in turns with this one.
# usage: scripts/functions-bench.sh [requests | startup] [APP_FOLDER...]
set -eu
cd "$(dirname "$0")/.."
what=all
case ${1:-} in requests | startup) what=$1; shift ;; esac
project=tests/EdgeRouter.Benchmarks
azurite=tests/EdgeRouter.AzureAdapters.Tests/azurite
[ -d $azurite/node_modules ] || (cd $azurite && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
app=$(mktemp -d)
trap 'rm -rf "$app"' EXIT
# As it is deployed, but with the stand-in for the trigger packages, which the benchmark does not use.
dotnet publish src/EdgeRouter.Functions -c Release -r linux-x64 --no-self-contained -p:PublishLocalTriggersForTests=true -o "$app" -v quiet -nologo
dotnet build "$project" -c Release -v quiet -nologo
bench="$project/bin/Release/net10.0/EdgeRouter.Benchmarks"
if [ $what != startup ]; then echo "== requests"; "$bench" functions "$app" "$@"; fi
if [ $what != requests ]; then echo "== startup"; "$bench" functions-startup "$app" "$@"; fi
