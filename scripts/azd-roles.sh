#!/bin/sh
# Takes away what the identities of the regions may do besides what the template lists: a deployment adds role assignments and removes none, so
# those of an earlier choice stay (a region that was open, or had the management key; a provider that was listed), and one that a deployment of the
# package left. Only inside the installation's resource group: what you gave an identity elsewhere is yours.
# azd runs it after `azd provision` and `azd up`; `azd hooks run postprovision` runs it again. `az login` comes first.
set -eu

: "${AZURE_SUBSCRIPTION_ID:?is not set: run azd provision first}"
: "${AZURE_RESOURCE_GROUP:?is not set: run azd provision first}"
: "${EDGEROUTER_IDENTITIES:?is not set: run azd provision first}"
# Names of assignments, as words or as the JSON that azd keeps.
: "${EDGEROUTER_ROLE_ASSIGNMENTS:?is not set: run azd provision first}"

command -v az >/dev/null || { echo "azd-roles: az is needed and not installed" >&2; exit 1; }

in_subscription() { az "$@" --subscription "$AZURE_SUBSCRIPTION_ID" </dev/null; }
lower() { printf '%s' "$1" | tr 'A-Z' 'a-z'; }

listed=$(lower "$EDGEROUTER_ROLE_ASSIGNMENTS" | tr -s '[],"' ' ')
# Without a name in it every role would go.
if [ -z "$(printf '%s' "$listed" | tr -d ' ')" ]; then
  echo "azd-roles: EDGEROUTER_ROLE_ASSIGNMENTS names none: run azd provision first" >&2
  exit 1
fi
group=$(lower "/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP/")

status=0
for identity in $EDGEROUTER_IDENTITIES; do
  principal=$(in_subscription identity show --resource-group "$AZURE_RESOURCE_GROUP" --name "$identity" --query principalId --output tsv)
  found=$(in_subscription role assignment list --all --query "[?principalId=='$principal'].id" --output tsv)
  # A line each: the name of a resource, which is a part of the id, may have a space in it.
  while read -r id; do
    key=$(lower "$id" | tr -d '\r')
    case "$key" in "$group"*) ;; *) continue ;; esac
    case " $listed " in *" ${key##*/} "*) continue ;; esac
    if in_subscription role assignment delete --ids "$id" --output none; then
      echo "Took a role from $identity that the template does not list: $id"
    else
      echo "azd-roles: $identity has a role that the template does not list; delete the role assignment $id" >&2
      status=1
    fi
  done <<END
$found
END
done

names=$(in_subscription identity list --resource-group "$AZURE_RESOURCE_GROUP" --query '[].name' --output tsv)
for name in $names; do
  case " $EDGEROUTER_IDENTITIES " in
    *" $name "*) ;;
    *) echo "azd-roles: $name is the identity of no listed region and keeps its roles until you delete it" >&2 ;;
  esac
done
exit "$status"
