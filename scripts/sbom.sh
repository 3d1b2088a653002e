#!/bin/sh
# Writes what the Functions app is made of, as its last build restored it, in CycloneDX JSON: functions.cdx.json (the app) and functions-extensions.cdx.json
# (what it brings along for the Functions host). Every package with version, licence and SHA-512; packages that only the build uses have the scope "excluded".
# usage: scripts/sbom.sh FOLDER
set -eu
folder=${1:?usage: scripts/sbom.sh FOLDER}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
cd "$(dirname "$0")/.."

app=src/EdgeRouter.Functions
version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' Directory.Build.props)
# A project that the worker's SDK makes and restores while it builds the app: with a folder of its own for a build for Azure's machines.
extensions=$(ls -td $app/obj/Release/net10.0/WorkerExtensions $app/obj/Release/net10.0/linux-x64/WorkerExtensions 2>/dev/null | head -1)

dotnet tool restore >/dev/null
# FILE PROJECT NAME. Restores nothing: it says what was built.
write() {
    rm -f "$folder/$1"
    dotnet dotnet-CycloneDX "$2" --disable-package-restore --output "$folder" --filename "$1" --output-format Json --set-name "$3" --set-version "$version" >/dev/null
    [ -s "$folder/$1" ] || { echo "sbom: $1 was not written" >&2; exit 1; }
}
write functions.cdx.json $app/EdgeRouter.Functions.csproj EdgeRouter.Functions
write functions-extensions.cdx.json "$extensions/WorkerExtensions.csproj" EdgeRouter.Functions.Extensions
