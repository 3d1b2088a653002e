// What the tests of the hooks share: the real scripts in the real shell, with stand-ins for the tools, which write down how they were called.
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from '../root.js';

/** A checkout with only the scripts in it, and tools whose behaviour is given as sh. */
export function stage(t, tools) {
  const folder = mkdtempSync(join(tmpdir(), 'azd-hooks-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
  const table = 'src/EdgeRouter.Upstreams/Providers/providers.json';
  cpSync(join(root, table), join(folder, table));
  cpSync(join(root, 'Directory.Build.props'), join(folder, 'Directory.Build.props'));
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'vault'));
  const defaults = { az: ':', curl: ':', dotnet: ':', zip: ':', openssl: 'echo 0123abcd', sleep: ':' };
  for (const [name, body] of Object.entries({ ...defaults, ...tools })) {
    const file = join(folder, 'bin', name);
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> "$STAGE/calls"\n${body}\n`);
    chmodSync(file, 0o755);
  }
  return {
    folder,
    run(script, environment) {
      // Another folder than the checkout, and no variable of the developer's own shell.
      const { status, stdout, stderr } = spawnSync('/bin/sh', [join(folder, 'scripts', script)], {
        cwd: tmpdir(),
        env: { PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`, STAGE: folder, ...environment },
        encoding: 'utf8',
      });
      const file = join(folder, 'calls');
      return { status, stdout, stderr, calls: existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [] };
    },
    secret: name => existsSync(join(folder, 'vault', name)) ? readFileSync(join(folder, 'vault', name), 'utf8') : undefined,
    /** The lines of a file of the stage; none: it is not there. */
    lines: name => existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean) : [],
    put: (name, value) => writeFileSync(join(folder, 'vault', name), value),
  };
}

// Role assignments and rules of access are lines of files, so that what is left over can be there before, and seen afterwards.
export const deployTools = {
  dotnet: `
while [ $# -gt 0 ]; do
  case $1 in
    -o) mkdir -p "$2/.azurefunctions" && echo app > "$2/App.dll" && echo x > "$2/.azurefunctions/x.dll" && echo secret > "$2/local.settings.json";;
    --output) folder=$2;;
    --filename) echo bill > "$folder/$2";;
  esac
  shift
done`,
  zip: 'find . -type f | sort > "$STAGE/packed"; while [ $# -gt 0 ]; do case "$1" in *.zip) : > "$1";; esac; shift; done',
  az: `
after() { wanted=$1; shift; while [ $# -gt 0 ]; do [ "$1" = "$wanted" ] && echo "$2"; shift; done; }
# The first line that matches, as Azure takes one rule away at a time.
drop() { awk -v wanted="$1" '!done && $0 ~ wanted { done = 1; next } { print }' "$2" > "$2.new" && mv "$2.new" "$2"; }
case "$*" in
  "resource show"*) echo "$(after --name "$@").example.net" ;;
  "identity show"*) echo "principal-of-$(after --name "$@")" ;;
  "role assignment create"*)
    echo "$(after --assignee-object-id "$@") $(after --scope "$@")/providers/Microsoft.Authorization/roleAssignments/$(after --name "$@")" >> "$STAGE/roles" ;;
  "role assignment list"*"--scope"*)
    whose=$(after --query "$@" | cut -d "'" -f 2)
    touch "$STAGE/roles"
    sed -n "s|^$whose \\($(after --scope "$@")/.*\\)|\\1|p" "$STAGE/roles" ;;
  "role assignment list --all"*) touch "$STAGE/roles" && sed -n "s/^$(after --query "$@" | cut -d "'" -f 2) //p" "$STAGE/roles" ;;
  "role assignment delete"*) drop "$(after --ids "$@")\$" "$STAGE/roles" ;;
  "functionapp config access-restriction add"*) echo "$(after --name "$@") $(after --scm-site "$@")" >> "$STAGE/rules" ;;
  "functionapp config access-restriction show"*)
    case "$*" in *scmIp*) scm=true;; *) scm=false;; esac
    touch "$STAGE/rules"
    sed -n "s/^$(after --name "$@") $scm\$/azd-deploy/p" "$STAGE/rules" ;;
  "functionapp config access-restriction remove"*) drop "^$(after --name "$@") $(after --scm-site "$@")\$" "$STAGE/rules" ;;
esac`,
};
export const identityEnvironment = {
  AZURE_SUBSCRIPTION_ID: 'sub', AZURE_RESOURCE_GROUP: 'rg', EDGEROUTER_IDENTITIES: 'id-a id-b', EDGEROUTER_ROLE_ASSIGNMENTS: '["a-1 a-2","b-1"]',
};
export const deployEnvironment = {
  AZURE_SUBSCRIPTION_ID: 'sub', AZURE_RESOURCE_GROUP: 'rg',
  EDGEROUTER_APPS: 'func-a func-b func-c', EDGEROUTER_IDENTITIES: 'id-a id-b id-c', EDGEROUTER_PACKAGE_ACCOUNTS: 'stpa stpb stpc',
};
export const behindFrontDoor = { ...deployEnvironment, EDGEROUTER_FRONT_DOOR_ID: 'fd-id', EDGEROUTER_APPS_BEHIND_FRONT_DOOR: 'func-a func-c' };

// A vault that is a folder, and a catalog file that is a file.
export const vault = `
after() { wanted=$1; shift; while [ $# -gt 0 ]; do [ "$1" = "$wanted" ] && echo "$2"; shift; done; }
name() { after --name "$@"; }
case "$*" in
  "keyvault secret list"*) ls "$STAGE/vault" ;;
  "keyvault secret show"*) cat "$STAGE/vault/$(name "$@")" ;;
  "keyvault secret set"*"--file /dev/stdin"*) cat > "$STAGE/vault/$(name "$@")" ;;
  "keyvault secret set"*) exit 2 ;;
  "storage blob exists"*) if [ -e "$STAGE/blob" ]; then echo true; else echo false; fi ;;
  "storage blob upload"*"--overwrite false"*) [ ! -e "$STAGE/blob" ] && cp "$(after --file "$@")" "$STAGE/blob" ;;
  "storage blob upload"*) cp "$(after --file "$@")" "$STAGE/blob" ;;
  "resource show"*) echo "/sites/$(name "$@")" ;;
esac`;
export const secretEnvironment = {
  ...identityEnvironment, AZURE_KEY_VAULT_NAME: 'kv', EDGEROUTER_APPS: 'func-a func-b',
  EDGEROUTER_VENDORS_LISTED: 'openai google-ai', OPENAI_API_KEY: 'sk-o', GOOGLE_AI_API_KEY: 'g-1',
};
export const catalogUrl = 'https://sttx.blob.core.windows.net/catalog/models.json';
export const catalogEnvironment = { AZURE_SUBSCRIPTION_ID: 'sub', EDGEROUTER_CATALOG_URL: catalogUrl };
