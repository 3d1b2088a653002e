#!/bin/sh
# Fills the vault with what the apps' Key Vault references name, then makes the apps read them again.
#   edgerouter-management, edgerouter-inference: made up here if they are not there yet
#   edgerouter-<kind>-next of each kind (inference, management) in EDGEROUTER_NEXT_KEYS: made up if it is not there, or is the key in use already
#   edgerouter-<kind> of each kind in EDGEROUTER_PROMOTE_KEYS: becomes the next one. infra/README.md has the steps of a change of keys.
#   vendor-<slug> of each provider of the last deployment and of EDGEROUTER_VENDORS, which the next one refers to: from the provider's customary
#   variable in this shell (google-ai-studio: GEMINI_API_KEY), if one is set and the key differs. The names are those of key-variables.sh, which the
#   router on a developer's machine reads too.
# azd runs it after `azd provision` and `azd up`; `azd hooks run postprovision` runs it alone. `az login` comes first.
# Secrets go through pipes only, never through arguments, which other users of the machine could read.
set -eu

: "${AZURE_SUBSCRIPTION_ID:?is not set: run azd provision first}"
: "${AZURE_RESOURCE_GROUP:?is not set: run azd provision first}"
: "${AZURE_KEY_VAULT_NAME:?is not set: run azd provision first}"
: "${EDGEROUTER_APPS:?is not set: run azd provision first}"
# Seconds that the role on the vault, given by the same provisioning, may take to act.
: "${EDGEROUTER_VAULT_TIMEOUT:=600}"

for tool in az openssl; do
  command -v "$tool" >/dev/null || { echo "azd-secrets: $tool is needed and not installed" >&2; exit 1; }
done

# What `az` takes for its own subscription need not be azd's.
in_subscription() { az "$@" --subscription "$AZURE_SUBSCRIPTION_ID"; }

waited=0
until names=$(in_subscription keyvault secret list --vault-name "$AZURE_KEY_VAULT_NAME" --query '[].name' --output tsv); do
  if [ "$waited" -ge "$EDGEROUTER_VAULT_TIMEOUT" ]; then
    echo "azd-secrets: no access to the vault $AZURE_KEY_VAULT_NAME after $waited s; are you who ran azd provision?" >&2
    exit 1
  fi
  echo "Waiting for the role on the vault to act"
  sleep 15
  waited=$((waited + 15))
done

exists() { printf '%s\n' "$names" | tr -d '\r' | grep -Fqx -- "$1"; }
read_secret() { in_subscription keyvault secret show --vault-name "$AZURE_KEY_VAULT_NAME" --name "$1" --query value --output tsv; }
# Reads the value from standard input.
write_secret() {
  in_subscription keyvault secret set --vault-name "$AZURE_KEY_VAULT_NAME" --name "$1" --file /dev/stdin --encoding utf-8 --output none &&
    echo "Stored $1"
}

# Apart from the pipe, so that a failure stores nothing.
make_key() {
  random=$(openssl rand -hex 32)
  printf 'sk-er-%s' "$random" | write_secret "$1"
}

# A list of kinds, as words or as the JSON that azd keeps.
kinds() {
  for kind in $(printf '%s' "$2" | tr '[],"' '    '); do
    case "$kind" in
      inference | management) echo "$kind" ;;
      *) echo "azd-secrets: $1 names $kind; expected inference, management" >&2; return 1 ;;
    esac
  done
}
next_keys=$(kinds EDGEROUTER_NEXT_KEYS "${EDGEROUTER_NEXT_KEYS:-}")
promoted=$(kinds EDGEROUTER_PROMOTE_KEYS "${EDGEROUTER_PROMOTE_KEYS:-}")

for kind in management inference; do
  name="edgerouter-$kind"
  if ! exists "$name"; then make_key "$name"; fi
done

for kind in $promoted; do
  name="edgerouter-$kind"
  if ! exists "$name-next"; then
    echo "azd-secrets: there is no next $kind key to promote; name the kind in EDGEROUTER_NEXT_KEYS first" >&2
    exit 1
  fi
  value=$(read_secret "$name-next")
  known=
  if exists "$name"; then known=$(read_secret "$name"); fi
  if [ "$known" != "$value" ]; then printf '%s' "$value" | write_secret "$name"; fi
done

for kind in $next_keys; do
  name="edgerouter-$kind"
  # A key that has just been promoted is the next one still. Another one now would be promoted by the next run, before any caller has it.
  case " $(echo "$promoted" | tr '\n' ' ') " in *" $kind "*) continue ;; esac
  if ! exists "$name-next"; then
    make_key "$name-next"
  elif exists "$name"; then
    value=$(read_secret "$name-next")
    known=$(read_secret "$name")
    if [ "$known" = "$value" ]; then make_key "$name-next"; fi
  fi
done

missing=
# Each once: what the loop has stored is not in the list of names.
for slug in $(printf '%s %s' "${EDGEROUTER_VENDORS_LISTED:-}" "${EDGEROUTER_VENDORS:-}" | tr -s '[],"' ' ' | tr -s ' ' '\n' | sort -u); do
  name="vendor-$slug"
  variables=$("$(dirname "$0")/key-variables.sh" "$slug")
  # Words, on purpose.
  # shellcheck disable=SC2086
  set -- $variables
  value=
  for variable in "$@"; do
    value=$(printenv "$variable" || true)
    if [ -n "$value" ]; then break; fi
  done
  if [ -n "$value" ]; then
    known=
    # A separate assignment: inside a condition a failure would not end the script, and a key that could not be read would be overwritten.
    if exists "$name"; then known=$(read_secret "$name"); fi
    if [ "$known" != "$value" ]; then printf '%s' "$value" | write_secret "$name"; fi
  elif ! exists "$name"; then
    missing="$missing $1"
  fi
done

for app in $EDGEROUTER_APPS; do
  id=$(in_subscription resource show --resource-group "$AZURE_RESOURCE_GROUP" --name "$app" --resource-type Microsoft.Web/sites --query id --output tsv)
  az rest --method post --url "$id/config/configreferences/appsettings/refresh?api-version=2022-03-01" --output none
done

if [ -n "$missing" ]; then
  # An app would send the unresolved reference itself to the provider as its key.
  echo "azd-secrets: no key for these providers. Export$missing and run: azd hooks run postprovision" >&2
  exit 1
fi
