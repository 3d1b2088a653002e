// Runs the azd hooks with the real shell and stand-ins for the tools, which write down how they were called.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import test from 'node:test';
import { root } from './root.js';

/** A checkout with only the scripts in it, and tools whose behaviour is given as sh. */
function stage(t, tools) {
  const folder = mkdtempSync(join(tmpdir(), 'azd-hooks-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
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
      const { status, stdout, stderr } = spawnSync('sh', [join(folder, 'scripts', script)], {
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
  dotnet: 'while [ $# -gt 0 ]; do [ "$1" = -o ] && mkdir -p "$2/.azurefunctions" && echo app > "$2/App.dll" && echo x > "$2/.azurefunctions/x.dll" && echo secret > "$2/local.settings.json"; shift; done',
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
  for (const [script, tools, environment] of [['azd-deploy.sh', deployTools, deployEnvironment], ['azd-secrets.sh', { az: vault }, secretEnvironment]]) {
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

test('A region that does not come up stops the deployment before the next one', t => {
  const { status, calls, stderr } = stage(t, { ...deployTools, curl: 'case "$*" in *func-b*) exit 22;; esac' }).run('azd-deploy.sh', deployEnvironment);
  assert.equal(status, 1);
  assert.deepEqual(deployedTo(calls), ['func-a', 'func-b']);
  assert.match(stderr, /func-b\.example\.net\/health/);
});

test('A deployment that fails stops at once', t => {
  const { status, calls } = stage(t, { ...deployTools, az: `case "$*" in *config-zip*) exit 3;; esac; ${deployTools.az}` }).run('azd-deploy.sh', deployEnvironment);
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

for (const script of ['azd-deploy.sh', 'azd-secrets.sh']) {
  test(`${script} without a provisioned environment says what to run first`, t => {
    const { status, stderr, calls } = stage(t, {}).run(script, {});
    assert.notEqual(status, 0);
    assert.match(stderr, /run azd provision first/);
    assert.deepEqual(calls, []);
  });
}

// A vault that is a folder.
const vault = `
name() { while [ $# -gt 0 ]; do [ "$1" = --name ] && echo "$2"; shift; done; }
case "$*" in
  "keyvault secret list"*) ls "$STAGE/vault" ;;
  "keyvault secret show"*) cat "$STAGE/vault/$(name "$@")" ;;
  "keyvault secret set"*"--file /dev/stdin"*) cat > "$STAGE/vault/$(name "$@")" ;;
  "keyvault secret set"*) exit 2 ;;
  "resource show"*) echo "/sites/$(name "$@")" ;;
esac`;
const secretEnvironment = { AZURE_SUBSCRIPTION_ID: 'sub', AZURE_RESOURCE_GROUP: 'rg', AZURE_KEY_VAULT_NAME: 'kv', EDGEROUTER_APPS: 'func-a func-b', EDGEROUTER_VENDORS_LISTED: 'openai google-ai', OPENAI_API_KEY: 'sk-o', GOOGLE_AI_API_KEY: 'g-1' };
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
