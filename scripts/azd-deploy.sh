#!/bin/sh
# Builds the router once and deploys the same package to every region, in the order of the region list.
# Stops at the first region that does not answer /health/ready afterwards: the others go on with what they had.
# azd runs it after `azd deploy` and `azd up`. By hand: set the variables below. Either way `az login` comes first.
set -eu

: "${AZURE_SUBSCRIPTION_ID:?is not set: run azd provision first}"
: "${AZURE_RESOURCE_GROUP:?is not set: run azd provision first}"
: "${EDGEROUTER_APPS:?is not set: run azd provision first}"
# Seconds that a region may take to answer after its deployment.
: "${EDGEROUTER_HEALTH_TIMEOUT:=300}"

for tool in az curl dotnet zip; do
  command -v "$tool" >/dev/null || { echo "azd-deploy: $tool is needed and not installed" >&2; exit 1; }
done

cd "$(dirname "$0")/.."
output=artifacts/functions
package="$PWD/artifacts/functions.zip"
rm -rf "$output" "$package"
dotnet publish src/EdgeRouter.Functions -c Release -r linux-x64 --self-contained false -p:UseRealTriggers=true -o "$output"
# What is in the package, for whoever runs it: artifacts/*.cdx.json.
./scripts/sbom.sh artifacts
# "." takes the hidden .azurefunctions folder along, without which the host finds no extension.
(cd "$output" && zip -q -r "$package" . -x local.settings.json)

# What `az` takes for its own subscription need not be azd's.
in_subscription() { az "$@" --subscription "$AZURE_SUBSCRIPTION_ID"; }

# A region behind Front Door refuses whoever does not name it.
healthy() {
  set -- "https://$1/health/ready"
  [ -z "${EDGEROUTER_FRONT_DOOR_ID:-}" ] || set -- "$1" -H "X-Azure-FDID: $EDGEROUTER_FRONT_DOOR_ID"
  curl --silent --show-error --fail --output /dev/null --max-time 20 \
    --retry 100 --retry-delay 5 --retry-all-errors --retry-max-time "$EDGEROUTER_HEALTH_TIMEOUT" "$@"
}

for app in $EDGEROUTER_APPS; do
  echo "Deploying to $app"
  in_subscription functionapp deployment source config-zip --resource-group "$AZURE_RESOURCE_GROUP" --name "$app" --src "$package" --output none
  host=$(in_subscription resource show --resource-group "$AZURE_RESOURCE_GROUP" --name "$app" \
    --resource-type Microsoft.Web/sites --query properties.defaultHostName --output tsv)
  if ! healthy "$host"; then
    echo "azd-deploy: https://$host/health/ready does not answer with success; the regions after $app were left as they were" >&2
    exit 1
  fi
  echo "  https://$host is up"
done
