#!/bin/sh
# What azd runs after it has provisioned: first the catalog file, without which the apps do not start, then the roles of earlier choices, which go,
# then the keys.
set -eu
here=$(dirname "$0")
"$here/azd-catalog.sh"
"$here/azd-roles.sh"
"$here/azd-secrets.sh"
