#!/bin/sh
# Prints, a line for each provider, the variables that may hold its key, best first: those of its row in the provider table, then <SLUG>_API_KEY.
# The router reads the same ones from its environment.
# usage: scripts/key-variables.sh SLUG...
set -eu
# One member a line. Slugs are compared as the router compares them: without case, and with `.`, `/` and `_` as `-`.
table="$(dirname "$0")/../src/EdgeRouter.Upstreams/Providers/providers.json"
for slug in "$@"; do
  slug=$(printf '%s' "$slug" | tr 'A-Z._/' 'a-z---')
  awk -v slug="$slug" '
    /^ *"slug": / { split($0, part, "\""); row = tolower(part[4]); gsub(/[._\/]/, "-", row); found = row == slug }
    found && /^ *"env": / { gsub(/^ *"env": *\[|\],?$|[",]/, " "); printf "%s ", $0 }' "$table"
  printf '%s_API_KEY\n' "$(printf '%s' "$slug" | tr 'a-z-' 'A-Z_')"
done
