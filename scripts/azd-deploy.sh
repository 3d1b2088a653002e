#!/bin/sh
# Builds the router once and deploys the same package to every region, in the order of the region list.
# Stops at the first region that does not answer /health/ready afterwards: the others go on with what they had.
# For the time of a deployment it opens what is closed otherwise, and closes it again however it ends. What a run left open that
# was killed outright, the next one closes first. One run at a time: a second one closes what the first has opened.
#   the package: the platform stores it as the app's identity, which gets the right to write its package container
#   behind Front Door: the site for deployments, and the app itself for the health check, for the addresses of EDGEROUTER_DEPLOY_FROM
# azd runs it after `azd deploy` and `azd up`. By hand: set the variables below. Either way `az login` comes first.
set -eu

: "${AZURE_SUBSCRIPTION_ID:?is not set: run azd provision first}"
: "${AZURE_RESOURCE_GROUP:?is not set: run azd provision first}"
: "${EDGEROUTER_APPS:?is not set: run azd provision first}"
# Of each app, in the same order.
: "${EDGEROUTER_IDENTITIES:?is not set: run azd provision first}"
: "${EDGEROUTER_PACKAGE_ACCOUNTS:?is not set: run azd provision first}"
# Seconds that a region may take to answer after its deployment.
: "${EDGEROUTER_HEALTH_TIMEOUT:=300}"
# Seconds that the right to write may take to act, and the opening of the site.
: "${EDGEROUTER_ACCESS_TIMEOUT:=600}"
# Addresses that a region behind Front Door admits during the deployment: a range, best your own. Clients in it still have to sign in.
: "${EDGEROUTER_DEPLOY_FROM:=0.0.0.0/0}"

for tool in az curl dotnet zip; do
  command -v "$tool" >/dev/null || { echo "azd-deploy: $tool is needed and not installed" >&2; exit 1; }
done

cd "$(dirname "$0")/.."
rule=azd-deploy
opened=
granted=
log=$(mktemp)

# What `az` takes for its own subscription need not be azd's.
in_subscription() { az "$@" --subscription "$AZURE_SUBSCRIPTION_ID"; }
restriction() {
  command=$1
  app=$2
  shift 2
  in_subscription functionapp config access-restriction "$command" --resource-group "$AZURE_RESOURCE_GROUP" --name "$app" --rule-name "$rule" --output none "$@"
}

# Removes every rule of ours from one of an app's two sites: `ipSecurityRestrictions` or `scmIpSecurityRestrictions`.
# `remove` takes one rule away, and an app may have several of one name.
remove_rules() {
  left=$(in_subscription functionapp config access-restriction show --resource-group "$AZURE_RESOURCE_GROUP" --name "$1" \
    --query "$2[?name=='$rule'].name" --output tsv) || return
  scm=false
  if [ "$2" = scmIpSecurityRestrictions ]; then scm=true; fi
  for _ in $left; do restriction remove "$1" --scm-site "$scm" || return; done
}

# The n-th word of the rest.
word() { shift "$1"; echo "$1"; }

random_uuid() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n' | sed 's/^\(.\{8\}\)\(.\{4\}\)\(.\{4\}\)\(.\{4\}\)/\1-\2-\3-\4-/'; }

grant() {
  principal=$(in_subscription identity show --resource-group "$AZURE_RESOURCE_GROUP" --name "$1" --query principalId --output tsv)
  scope="/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP/providers/Microsoft.Storage/storageAccounts/$2"
  scope="$scope/blobServices/default/containers/packages"
  role='Storage Blob Data Contributor'
  left=$(in_subscription role assignment list --scope "$scope" --role "$role" --query "[?principalId=='$principal'].id" --output tsv)
  for id in $left; do in_subscription role assignment delete --ids "$id" --output none; done
  # The name is chosen here and noted first, so that a run that is stopped while Azure makes the assignment can take it back.
  name=$(random_uuid)
  granted="$granted $scope/providers/Microsoft.Authorization/roleAssignments/$name"
  in_subscription role assignment create --name "$name" --assignee-object-id "$principal" --assignee-principal-type ServicePrincipal \
    --scope "$scope" --role "$role" --output none
}

behind_front_door() { case " ${EDGEROUTER_APPS_BEHIND_FRONT_DOOR:-} " in *" $1 "*) ;; *) return 1 ;; esac; }
open() {
  if ! behind_front_door "$1"; then return; fi
  opened="$1"
  restriction add "$1" --action Allow --priority 50 --ip-address "$EDGEROUTER_DEPLOY_FROM" --scm-site true
  restriction add "$1" --action Allow --priority 50 --ip-address "$EDGEROUTER_DEPLOY_FROM" --scm-site false \
    --http-headers "x-azure-fdid=$EDGEROUTER_FRONT_DOOR_ID"
}

# Both are tried, whatever the first says.
close() {
  if [ -z "$opened" ]; then return; fi
  closing=0
  remove_rules "$opened" scmIpSecurityRestrictions || closing=1
  remove_rules "$opened" ipSecurityRestrictions || closing=1
  if [ "$closing" -ne 0 ]; then
    echo "azd-deploy: an access restriction named $rule is left behind at $opened; azd provision removes it" >&2
  fi
  opened=
  return "$closing"
}

finish() {
  status=$?
  # Neither a second signal nor a terminal that is gone may stop the closing.
  trap '' HUP INT QUIT PIPE TERM
  trap - EXIT
  set +e
  rm -f "$log"
  if ! close && [ "$status" -eq 0 ]; then status=1; fi
  for id in $granted; do
    if ! in_subscription role assignment delete --ids "$id" --output none; then
      echo "azd-deploy: an app may still write its package; delete the role assignment $id" >&2
      [ "$status" -ne 0 ] || status=1
    fi
  done
  exit "$status"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 131' QUIT
trap 'exit 141' PIPE
trap 'exit 143' TERM

for app in ${EDGEROUTER_APPS_BEHIND_FRONT_DOOR:-}; do
  remove_rules "$app" scmIpSecurityRestrictions
  remove_rules "$app" ipSecurityRestrictions
done

# Before the build, so that role assignments take effect during it.
position=1
for identity in $EDGEROUTER_IDENTITIES; do
  # Words, on purpose.
  # shellcheck disable=SC2086
  grant "$identity" "$(word "$position" $EDGEROUTER_PACKAGE_ACCOUNTS)"
  position=$((position + 1))
done

output=artifacts/functions
package="$PWD/artifacts/functions.zip"
rm -rf "$output" "$package"
dotnet publish src/EdgeRouter.Functions -c Release -r linux-x64 --self-contained false -p:UseRealTriggers=true -o "$output"
# What is in the package, for whoever runs it: artifacts/*.cdx.json.
./scripts/sbom.sh artifacts
# "." takes the hidden .azurefunctions folder along, without which the host finds no extension.
(cd "$output" && zip -q -r "$package" . -x local.settings.json)

# How az says 403. The bare number may also be a part of a request's id, beside a fault that waiting does not mend.
no_access='Forbidden|BlobUploadFailed|\(403\)|[Ss]tatus([ _]?[Cc]ode)?[:=]? *403([^0-9]|$)'

# Tries again while the right to write, or the opening of the site, does not act yet: both say so by 403.
deploy() {
  waited=0
  while :; do
    code=0
    in_subscription functionapp deployment source config-zip --resource-group "$AZURE_RESOURCE_GROUP" --name "$1" --src "$package" --output none \
      2>"$log" || code=$?
    cat "$log" >&2
    if [ "$code" -eq 0 ]; then return; fi
    if ! grep -Eq "$no_access" "$log" || [ "$waited" -ge "$EDGEROUTER_ACCESS_TIMEOUT" ]; then exit "$code"; fi
    echo "Waiting for the access to the package of $1 to act"
    sleep 15
    waited=$((waited + 15))
  done
}

# A region behind Front Door refuses whoever does not name it.
healthy() {
  if behind_front_door "$1"; then
    set -- "https://$2/health/ready" -H "X-Azure-FDID: $EDGEROUTER_FRONT_DOOR_ID"
  else
    set -- "https://$2/health/ready"
  fi
  curl --silent --show-error --fail --output /dev/null --max-time 20 \
    --retry 100 --retry-delay 5 --retry-all-errors --retry-max-time "$EDGEROUTER_HEALTH_TIMEOUT" "$@"
}

for app in $EDGEROUTER_APPS; do
  echo "Deploying to $app"
  open "$app"
  deploy "$app"
  host=$(in_subscription resource show --resource-group "$AZURE_RESOURCE_GROUP" --name "$app" \
    --resource-type Microsoft.Web/sites --query properties.defaultHostName --output tsv)
  if ! healthy "$app" "$host"; then
    echo "azd-deploy: https://$host/health/ready does not answer with success; the regions after $app were left as they were" >&2
    exit 1
  fi
  close
  echo "  https://$host is up"
done
