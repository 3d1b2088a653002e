#!/usr/bin/env bash
# Turns the api.json of models.dev, or OpenRouter's /models JSON, into a catalog file:
#   scripts/import-catalog.sh INPUT.json [-o OUT.json | --split FOLDER] [--source-date YYYY-MM-DD]
# Without -o the catalog goes to standard output. A report of what could not be used goes to standard error.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
if ! log="$(dotnet build "$root/src/EdgeRouter.CatalogImport" --configuration Release --verbosity quiet --nologo 2>&1)"; then
  echo "$log" >&2
  exit 1
fi
exec dotnet "$root/src/EdgeRouter.CatalogImport/bin/Release/net10.0/EdgeRouter.CatalogImport.dll" "$@"
