#!/bin/sh
# Puts the catalog file of your own models where the apps read it: the blob EDGEROUTER_CATALOG_URL, and the copies of regions that are
# to need no other region (EDGEROUTER_CATALOG_COPIES).
#   EDGEROUTER_CATALOG_FILE set in this shell: that file, over the one that is there
#   not set: an empty catalog, unless a file is there already; without one the apps do not start. A copy that is missing is made of the first
# azd runs it after `azd provision` and `azd up`; `azd hooks run postprovision` runs it again. `az login` comes first.
set -eu

: "${AZURE_SUBSCRIPTION_ID:?is not set: run azd provision first}"
: "${EDGEROUTER_CATALOG_URL:?is not set: run azd provision first}"
# Seconds that the role on the container, given by the same provisioning, may take to act.
: "${EDGEROUTER_CATALOG_TIMEOUT:=600}"

command -v az >/dev/null || { echo "azd-catalog: az is needed and not installed" >&2; exit 1; }
file=${EDGEROUTER_CATALOG_FILE:-}
if [ -n "$file" ] && [ ! -r "$file" ]; then
  echo "azd-catalog: EDGEROUTER_CATALOG_FILE names $file, which cannot be read" >&2
  exit 1
fi

blob() {
  command=$1
  shift
  az storage blob "$command" --blob-url "$url" --auth-mode login "$@" --subscription "$AZURE_SUBSCRIPTION_ID"
}

# What a place without a file gets: an empty catalog, but a copy gets what the first place has.
missing=$(mktemp)
trap 'rm -f "$missing"' EXIT
echo '{}' >"$missing"
waited=0
# URLs have no spaces.
for url in $EDGEROUTER_CATALOG_URL ${EDGEROUTER_CATALOG_COPIES:-}; do
  until exists=$(blob exists --query exists --output tsv); do
    if [ "$waited" -ge "$EDGEROUTER_CATALOG_TIMEOUT" ]; then
      echo "azd-catalog: no access to $url after $waited s; are you who ran azd provision?" >&2
      exit 1
    fi
    echo "Waiting for the role on the container to act"
    sleep 15
    waited=$((waited + 15))
  done

  if [ -n "$file" ]; then
    blob upload --file "$file" --overwrite true --no-progress --output none
    echo "Put $file to $url"
  elif [ "$(printf '%s' "$exists" | tr -d '\r')" != true ]; then
    # Do not overwrite a file that was created since.
    blob upload --file "$missing" --overwrite false --no-progress --output none
    echo "Put a catalog to $url, where none was"
  elif [ "$url" = "$EDGEROUTER_CATALOG_URL" ] && [ -n "${EDGEROUTER_CATALOG_COPIES:-}" ]; then
    blob download --file "$missing" --overwrite true --no-progress --output none
  fi
done
