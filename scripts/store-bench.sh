#!/bin/sh
# Prints what the embedded store does: records a second accepted durably by one caller and by 64, resident memory, size of the file and time to open, empty and full.
# usage: scripts/store-bench.sh [RECORDS]   fills a store with so many generation records (default 10,000,000: about 9 GB in the folder for temporary files)
set -eu
cd "$(dirname "$0")/.."
records=${1:-10000000}
project=tests/EdgeRouter.StoreProcess
dotnet build "$project" -c Release -v quiet -nologo
store="$project/bin/Release/net10.0/EdgeRouter.StoreProcess"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo "== accepted durably (FlushToDisk=true)"
"$store" rate "$folder/flushed" 1 10 true
"$store" rate "$folder/flushed" 64 10 true
echo "== accepted without waiting for the disk (FlushToDisk=false)"
"$store" rate "$folder/unflushed" 1 10 false
"$store" rate "$folder/unflushed" 64 10 false
rm -rf "$folder/flushed" "$folder/unflushed"
echo "== an empty store"
"$store" open "$folder/empty"
echo "== $records records"
"$store" fill "$folder/full" "$records"
echo "== opened again"
"$store" open "$folder/full"
