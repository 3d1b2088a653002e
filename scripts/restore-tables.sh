#!/usr/bin/env bash
# Restores tables from exported money records (docs/azure.md, "Restore the tables"):
#   scripts/restore-tables.sh FOLDER --tables tables:<account URL or connection string>|file:<folder> [--through YYYY-MM-DD] [--apply] [--overwrite-newer]
# Without --apply it only says what it would do. It ends with 3 when rows in the tables are newer than the export and stayed.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
if ! log="$(dotnet build "$root/src/EdgeRouter.Restore" --configuration Release --verbosity quiet --nologo 2>&1)"; then
  echo "$log" >&2
  exit 1
fi
exec dotnet "$root/src/EdgeRouter.Restore/bin/Release/net10.0/EdgeRouter.Restore.dll" "$@"
