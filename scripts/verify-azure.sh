#!/usr/bin/env bash
# Verifies what ships to Azure: builds everything with the real Azure packages, runs the adapters' tests on Azurite and those of the app on the real
# trigger packages, and publishes the app as scripts/azd-deploy.sh does.
# Fails where the package feed lacks the two trigger packages: scripts/test.sh then runs the same code on tests/StandIns/Triggers.
# usage: scripts/verify-azure.sh
set -euo pipefail
cd "$(dirname "$0")/.."
export UseRealTriggers=true

echo "== restore of the real Azure packages"
if ! log=$(dotnet restore EdgeRouter.sln -nologo 2>&1); then
    echo "$log" >&2
    if grep -q 'error NU110[123]:' <<<"$log"; then echo "verify-azure: this package feed lacks Azure packages; nothing was verified" >&2; fi
    exit 1
fi
echo "== build"
dotnet build EdgeRouter.sln -c Release -v quiet -nologo

echo "== adapters on Azurite"
azurite=tests/EdgeRouter.AzureAdapters.Tests/azurite
(cd $azurite && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
tests/EdgeRouter.AzureAdapters.Tests/bin/Release/net10.0/EdgeRouter.AzureAdapters.Tests -noColor -noLogo

echo "== the app on the real trigger packages and the emulated host"
tests/EdgeRouter.Functions.Tests/bin/Release/net10.0/EdgeRouter.Functions.Tests -noColor -noLogo -longRunning 60

echo "== publish"
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
dotnet publish src/EdgeRouter.Functions -c Release -r linux-x64 --self-contained false -o "$output" -v quiet -nologo
for file in EdgeRouter.Functions.dll host.json worker.config.json functions.metadata extensions.json .azurefunctions; do
    [ -e "$output/$file" ] || { echo "verify-azure: the published app lacks $file" >&2; exit 1; }
done
[ ! -e "$output/local.settings.json" ] || { echo "verify-azure: local settings were published" >&2; exit 1; }
for name in gateway usage-writer rollup-sweep statistics-snapshot lease-janitor money-export warmup; do
    grep -q "\"name\": *\"$name\"" "$output/functions.metadata" || { echo "verify-azure: functions.metadata lacks $name" >&2; exit 1; }
done
echo "== bills of materials"
bills=$(mktemp -d)
trap 'rm -rf "$output" "$bills"' EXIT
scripts/sbom.sh "$bills"
for package in ServiceBus Warmup; do
    grep -q "\"name\": \"Microsoft.Azure.Functions.Worker.Extensions.$package\"" "$bills/functions.cdx.json" || { echo "verify-azure: the bill of materials lacks $package" >&2; exit 1; }
done
echo "verified"
