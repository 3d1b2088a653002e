// Runs the azd hooks with the real shell and stand-ins for the tools, which write down how they were called.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import test from 'node:test';
import { parse } from 'yaml';
import { root } from './root.js';

/** A checkout with only the scripts in it, and tools whose behaviour is given as sh. */
function stage(t, tools) {
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
    put: (name, value) => writeFileSync(join(folder, 'vault', name), value),
  };
}

const deployTools = {
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
  az: 'case "$*" in "resource show"*) while [ "$1" != --name ]; do shift; done; echo "$2.example.net";; esac',
};
const deployEnvironment = { AZURE_SUBSCRIPTION_ID: 'sub', AZURE_RESOURCE_GROUP: 'rg', EDGEROUTER_APPS: 'func-a func-b func-c' };
const deployedTo = calls => calls.filter(call => call.includes('config-zip')).map(call => /--name (\S+)/.exec(call)[1]);

test('One build reaches every region, in order, as the same package', t => {
  const { status, calls, stderr } = stage(t, deployTools).run('azd-deploy.sh', deployEnvironment);
  assert.equal(status, 0, stderr);
  assert.equal(calls.filter(call => call.startsWith('dotnet publish')).length, 1);
  assert.deepEqual(deployedTo(calls), ['func-a', 'func-b', 'func-c']);
  assert.equal(new Set(calls.filter(call => call.includes('config-zip')).map(call => /--src (\S+)/.exec(call)[1])).size, 1);
});

test('Every call to Azure names azd\'s subscription or a whole resource id', t => {
  const runs = [
    ['azd-deploy.sh', deployTools, deployEnvironment],
    ['azd-postprovision.sh', { az: vault }, { ...secretEnvironment, EDGEROUTER_CATALOG_URL: catalogUrl }],
  ];
  for (const [script, tools, environment] of runs) {
    const { calls } = stage(t, tools).run(script, environment);
    const careless = calls.filter(call => call.startsWith('az ') && !/--subscription sub$|^az rest .*--url \/sites\//.test(call));
    assert.deepEqual(careless, []);
  }
});

test('The package takes the hidden extensions folder along', t => {
  const here = stage(t, deployTools);
  const { calls } = here.run('azd-deploy.sh', deployEnvironment);
  assert.match(readFileSync(join(here.folder, 'packed'), 'utf8'), /\.azurefunctions\/x\.dll/);
  assert.match(calls.find(call => call.startsWith('zip')), / \. -x local\.settings\.json$/);
});

test('A deployment leaves its bills of materials beside the package, not in it', t => {
  const here = stage(t, deployTools);
  here.run('azd-deploy.sh', deployEnvironment);
  for (const name of ['functions.cdx.json', 'functions-extensions.cdx.json']) assert.ok(existsSync(join(here.folder, 'artifacts', name)), name);
  assert.doesNotMatch(readFileSync(join(here.folder, 'packed'), 'utf8'), /cdx/);
});

test('A build without a bill of materials is not deployed', t => {
  const dotnet = `case $1 in dotnet-CycloneDX) exit 0;; esac; ${deployTools.dotnet}`;
  const { status, calls, stderr } = stage(t, { ...deployTools, dotnet }).run('azd-deploy.sh', deployEnvironment);
  assert.equal(status, 1);
  assert.match(stderr, /sbom: functions\.cdx\.json was not written/);
  assert.deepEqual(deployedTo(calls), []);
});

test('A region that does not come up stops the deployment before the next one', t => {
  const { status, calls, stderr } = stage(t, { ...deployTools, curl: 'case "$*" in *func-b*) exit 22;; esac' }).run('azd-deploy.sh', deployEnvironment);
  assert.equal(status, 1);
  assert.deepEqual(deployedTo(calls), ['func-a', 'func-b']);
  assert.match(stderr, /func-b\.example\.net\/health\/ready/);
});

test('A deployment that fails stops at once', t => {
  const az = `case "$*" in *config-zip*) exit 3;; esac; ${deployTools.az}`;
  const { status, calls } = stage(t, { ...deployTools, az }).run('azd-deploy.sh', deployEnvironment);
  assert.equal(status, 3);
  assert.deepEqual(deployedTo(calls), ['func-a']);
});

test('A build that fails deploys nothing', t => {
  const { status, calls } = stage(t, { ...deployTools, dotnet: 'exit 7' }).run('azd-deploy.sh', deployEnvironment);
  assert.equal(status, 7);
  assert.deepEqual(deployedTo(calls), []);
});

for (const [what, id, expected] of [['names Front Door', 'fd-id', true], ['names nothing without Front Door', '', false]]) {
  test(`The health check ${what}`, t => {
    const { calls } = stage(t, deployTools).run('azd-deploy.sh', { ...deployEnvironment, EDGEROUTER_FRONT_DOOR_ID: id });
    for (const call of calls.filter(call => call.startsWith('curl'))) assert.equal(call.includes('X-Azure-FDID: fd-id'), expected);
  });
}

// The scripts that azd runs, and what each needs of a provisioned environment.
const needs = {
  'azd-deploy.sh': ['AZURE_SUBSCRIPTION_ID', 'AZURE_RESOURCE_GROUP', 'EDGEROUTER_APPS'],
  'azd-secrets.sh': ['AZURE_SUBSCRIPTION_ID', 'AZURE_RESOURCE_GROUP', 'AZURE_KEY_VAULT_NAME', 'EDGEROUTER_APPS'],
  'azd-catalog.sh': ['AZURE_SUBSCRIPTION_ID', 'EDGEROUTER_CATALOG_URL'],
};
for (const [script, variables] of Object.entries(needs)) {
  for (const variable of variables) {
    for (const [what, value] of [['without', undefined], ['with an empty', '']]) {
      test(`${script} ${what} ${variable} names it, says what to run first and calls nothing`, t => {
        const environment = { ...Object.fromEntries(variables.map(name => [name, 'set'])), [variable]: value };
        if (value === undefined) delete environment[variable];
        const { status, stderr, calls } = stage(t, {}).run(script, environment);
        assert.notEqual(status, 0);
        assert.match(stderr, new RegExp(`${variable}.*run azd provision first`));
        assert.deepEqual(calls, []);
      });
    }
  }

  for (const tool of { 'azd-deploy.sh': ['az', 'curl', 'dotnet', 'zip'], 'azd-secrets.sh': ['az', 'openssl'], 'azd-catalog.sh': ['az'] }[script]) {
    test(`${script} on a machine without ${tool} says so and changes nothing`, t => {
      const here = stage(t, {});
      rmSync(join(here.folder, 'bin', tool));
      // Nothing but what the script needs before it looks for its tools.
      const path = join(here.folder, 'bin');
      symlinkSync(execFileSync('/bin/sh', ['-c', 'command -v dirname'], { encoding: 'utf8' }).trim(), join(path, 'dirname'));
      const { status, stderr, calls } = here.run(script, { ...Object.fromEntries(variables.map(name => [name, 'set'])), PATH: path });
      assert.equal(status, 1);
      assert.match(stderr, new RegExp(`${tool} is needed and not installed`));
      assert.deepEqual(calls, []);
    });
  }
}

// A vault that is a folder, and a catalog file that is a file.
const vault = `
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
const secretEnvironment = {
  AZURE_SUBSCRIPTION_ID: 'sub', AZURE_RESOURCE_GROUP: 'rg', AZURE_KEY_VAULT_NAME: 'kv', EDGEROUTER_APPS: 'func-a func-b',
  EDGEROUTER_VENDORS_LISTED: 'openai google-ai', OPENAI_API_KEY: 'sk-o', GOOGLE_AI_API_KEY: 'g-1',
};
const catalogUrl = 'https://sttx.blob.core.windows.net/catalog/models.json';
const written = calls => calls.filter(call => call.includes('secret set')).map(call => /--name (\S+)/.exec(call)[1]);

test('An empty vault gets the router\'s keys and every provider key of the shell', t => {
  const here = stage(t, { az: vault });
  const { status, stderr } = here.run('azd-secrets.sh', secretEnvironment);
  assert.equal(status, 0, stderr);
  assert.match(here.secret('edgerouter-management'), /^sk-er-[0-9a-f]+$/);
  assert.match(here.secret('edgerouter-inference'), /^sk-er-[0-9a-f]+$/);
  assert.equal(here.secret('vendor-openai'), 'sk-o');
  assert.equal(here.secret('vendor-google-ai'), 'g-1');
});

test('A second run writes only what has changed', t => {
  const here = stage(t, { az: vault });
  for (const name of ['edgerouter-management', 'edgerouter-inference']) here.put(name, 'kept');
  here.put('vendor-openai', 'sk-o');
  here.put('vendor-google-ai', 'g-0');
  const { calls } = here.run('azd-secrets.sh', secretEnvironment);
  assert.deepEqual(written(calls), ['vendor-google-ai']);
  assert.equal(here.secret('edgerouter-management'), 'kept');
  assert.equal(here.secret('vendor-google-ai'), 'g-1');
});

test('A key in the vault stands when the shell has none', t => {
  const here = stage(t, { az: vault });
  here.put('vendor-openai', 'sk-vault');
  const { status } = here.run('azd-secrets.sh', { ...secretEnvironment, OPENAI_API_KEY: '' });
  assert.equal(status, 0);
  assert.equal(here.secret('vendor-openai'), 'sk-vault');
});

test('A listed provider without any key fails and names its variable, after all else was done', t => {
  const here = stage(t, { az: vault });
  const { status, stderr, calls } = here.run('azd-secrets.sh', { ...secretEnvironment, GOOGLE_AI_API_KEY: '' });
  assert.equal(status, 1);
  assert.match(stderr, /GOOGLE_AI_API_KEY/);
  assert.doesNotMatch(stderr, /OPENAI_API_KEY/);
  assert.equal(here.secret('vendor-openai'), 'sk-o');
  assert.equal(calls.filter(call => call.includes('configreferences/appsettings/refresh')).length, 2);
});

test('Every app reads its references again', t => {
  const { calls } = stage(t, { az: vault }).run('azd-secrets.sh', secretEnvironment);
  assert.deepEqual(calls.filter(call => call.startsWith('az rest')).map(call => /--url (\S+?)\/config/.exec(call)[1]), ['/sites/func-a', '/sites/func-b']);
});

test('No secret is ever an argument or a line of output', t => {
  const { calls, stdout, stderr } = stage(t, { az: vault }).run('azd-secrets.sh', secretEnvironment);
  for (const text of [...calls, stdout, stderr]) assert.doesNotMatch(text, /sk-o|g-1|0123abcd/);
});

test('A vault that does not open yet is asked again, and given up in the end', t => {
  const closed = 'case "$*" in "keyvault secret list"*) exit 1;; esac';
  const { status, stderr, calls } = stage(t, { az: closed }).run('azd-secrets.sh', { ...secretEnvironment, EDGEROUTER_VAULT_TIMEOUT: '30' });
  assert.equal(status, 1);
  assert.match(stderr, /no access to the vault kv after 30 s/);
  assert.equal(calls.filter(call => call.startsWith('az keyvault secret list')).length, 3);
  assert.deepEqual(written(calls), []);
});

for (const [what, tools] of [['random number', { openssl: 'exit 1' }], ['vault', { az: `case "$*" in "keyvault secret set"*) exit 9;; esac; ${vault}` }]]) {
  test(`Trouble with the ${what} stores no half-made key and fails`, t => {
    const here = stage(t, { az: vault, ...tools });
    const { status } = here.run('azd-secrets.sh', secretEnvironment);
    assert.notEqual(status, 0);
    assert.equal(here.secret('edgerouter-management'), undefined);
  });
}

for (const [slug, variable] of [
  ['google-ai-studio', 'GEMINI_API_KEY'], ['google-ai-studio', 'GOOGLE_AI_STUDIO_API_KEY'], ['amazon-bedrock', 'AWS_BEARER_TOKEN_BEDROCK'],
  ['azure', 'AZURE_OPENAI_API_KEY'], ['io-net', 'IOINTELLIGENCE_API_KEY'], ['gpu-box', 'GPU_BOX_API_KEY'],
]) {
  test(`The key of ${slug} may be in ${variable}`, t => {
    const here = stage(t, { az: vault });
    const { status, stderr } = here.run('azd-secrets.sh', { ...secretEnvironment, EDGEROUTER_VENDORS_LISTED: slug, [variable]: 'the-key' });
    assert.equal(status, 0, stderr);
    assert.equal(here.secret(`vendor-${slug}`), 'the-key');
  });
}

test('Of two variables the one that the provider table names first wins', t => {
  const here = stage(t, { az: vault });
  const keys = { GOOGLE_AI_STUDIO_API_KEY: 'second', GEMINI_API_KEY: 'first' };
  here.run('azd-secrets.sh', { ...secretEnvironment, EDGEROUTER_VENDORS_LISTED: 'google-ai-studio', ...keys });
  assert.equal(here.secret('vendor-google-ai-studio'), 'first');
});

test('A listed provider without a key is told by its customary variable', t => {
  const { status, stderr } = stage(t, { az: vault }).run('azd-secrets.sh', { ...secretEnvironment, EDGEROUTER_VENDORS_LISTED: 'google-ai-studio' });
  assert.equal(status, 1);
  assert.match(stderr, /Export GEMINI_API_KEY and run/);
});

for (const [what, pattern, code] of [
  ['reading a secret', '"keyvault secret show"*', 4], ['looking up an app', '"resource show"*', 5], ['reading the references again', '"rest "*', 6],
]) {
  test(`An az that fails at ${what} fails the hook with its code`, t => {
    const here = stage(t, { az: `case "$*" in ${pattern}) echo "az: refused" >&2; exit ${code};; esac; ${vault}` });
    here.put('vendor-openai', 'sk-old');
    const { status, stdout, stderr } = here.run('azd-secrets.sh', secretEnvironment);
    assert.equal(status, code);
    assert.match(stderr, /az: refused/);
    for (const text of [stdout, stderr]) assert.doesNotMatch(text, /sk-o|g-1|0123abcd/);
  });
}

const catalogEnvironment = { AZURE_SUBSCRIPTION_ID: 'sub', EDGEROUTER_CATALOG_URL: catalogUrl };
const blobOf = here => readFileSync(join(here.folder, 'blob'), 'utf8');

test('Where no catalog file is, an empty one is put, because the apps do not start without', t => {
  const here = stage(t, { az: vault });
  const { status, stderr, calls } = here.run('azd-catalog.sh', catalogEnvironment);
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(blobOf(here)), {});
  for (const call of calls.filter(call => call.startsWith('az '))) assert.match(call, new RegExp(`--blob-url ${catalogUrl} --auth-mode login`));
});

test('A catalog file that is there stays as it is', t => {
  const here = stage(t, { az: vault });
  writeFileSync(join(here.folder, 'blob'), '{"models":[]}');
  assert.equal(here.run('azd-catalog.sh', catalogEnvironment).status, 0);
  assert.equal(blobOf(here), '{"models":[]}');
});

test('The file that the shell names goes over the one that is there', t => {
  const here = stage(t, { az: vault });
  writeFileSync(join(here.folder, 'blob'), '{}');
  writeFileSync(join(here.folder, 'my models.json'), '{"models":[]}');
  const { status, stderr } = here.run('azd-catalog.sh', { ...catalogEnvironment, EDGEROUTER_CATALOG_FILE: join(here.folder, 'my models.json') });
  assert.equal(status, 0, stderr);
  assert.equal(blobOf(here), '{"models":[]}');
});

test('A file that cannot be read is told before anything is asked', t => {
  const { status, stderr, calls } = stage(t, { az: vault }).run('azd-catalog.sh', { ...catalogEnvironment, EDGEROUTER_CATALOG_FILE: '/nowhere/models.json' });
  assert.equal(status, 1);
  assert.match(stderr, /EDGEROUTER_CATALOG_FILE names \/nowhere\/models\.json/);
  assert.deepEqual(calls, []);
});

test('A container that does not open yet is asked again, and given up in the end', t => {
  const closed = 'case "$*" in "storage blob exists"*) exit 1;; esac';
  const { status, stderr, calls } = stage(t, { az: closed }).run('azd-catalog.sh', { ...catalogEnvironment, EDGEROUTER_CATALOG_TIMEOUT: '30' });
  assert.equal(status, 1);
  assert.match(stderr, /no access to https:\/\/sttx\.blob\S+ after 30 s/);
  assert.equal(calls.filter(call => call.startsWith('az storage blob exists')).length, 3);
});

test('An upload that fails fails the hook with its code', t => {
  const { status } = stage(t, { az: `case "$*" in "storage blob upload"*) exit 7;; esac; ${vault}` }).run('azd-catalog.sh', catalogEnvironment);
  assert.equal(status, 7);
});

test('After provisioning the catalog file comes before the keys, and without it there are no keys', t => {
  const whole = { ...secretEnvironment, ...catalogEnvironment };
  const here = stage(t, { az: vault });
  const { status, stderr, calls } = here.run('azd-postprovision.sh', whole);
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(blobOf(here)), {});
  assert.equal(here.secret('vendor-openai'), 'sk-o');
  const first = words => calls.findIndex(call => call.startsWith(words));
  assert.ok(first('az storage blob upload') < first('az keyvault secret list'));

  const failing = stage(t, { az: `case "$*" in "storage blob upload"*) exit 7;; esac; ${vault}` });
  assert.equal(failing.run('azd-postprovision.sh', whole).status, 7);
  assert.equal(failing.secret('vendor-openai'), undefined);
});

test('azd up\'s hooks, as azure.yaml names them, run to their ends one after another', t => {
  const { hooks } = parse(readFileSync(join(root, 'azure.yaml'), 'utf8'));
  const here = stage(t, { ...deployTools, az: `${vault}\n${deployTools.az}` });
  for (const hook of [hooks.postprovision, hooks.postdeploy]) {
    const { status, stderr } = here.run(hook.run.replace('./scripts/', ''), { ...secretEnvironment, ...catalogEnvironment });
    assert.equal(status, 0, stderr);
  }
});
