// What holds for every script that azd runs, and for all of them together.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { parse } from 'yaml';
import { root } from '../root.js';
import { catalogEnvironment, catalogUrl, deployEnvironment, deployTools, secretEnvironment, stage, vault } from './stage.js';

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

// The scripts that azd runs, and what each needs of a provisioned environment.
const needs = {
  'azd-deploy.sh': ['AZURE_SUBSCRIPTION_ID', 'AZURE_RESOURCE_GROUP', 'EDGEROUTER_APPS', 'EDGEROUTER_IDENTITIES', 'EDGEROUTER_PACKAGE_ACCOUNTS'],
  'azd-roles.sh': ['AZURE_SUBSCRIPTION_ID', 'AZURE_RESOURCE_GROUP', 'EDGEROUTER_IDENTITIES', 'EDGEROUTER_ROLE_ASSIGNMENTS'],
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

  for (const tool of { 'azd-deploy.sh': ['az', 'curl', 'dotnet', 'zip'], 'azd-secrets.sh': ['az', 'openssl'] }[script] ?? ['az']) {
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

test('After provisioning the catalog file comes before the keys, and without it there are no keys', t => {
  const whole = { ...secretEnvironment, ...catalogEnvironment };
  const here = stage(t, { az: vault });
  const { status, stderr, calls } = here.run('azd-postprovision.sh', whole);
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(readFileSync(join(here.folder, 'blob'), 'utf8')), {});
  assert.equal(here.secret('vendor-openai'), 'sk-o');
  const first = words => calls.findIndex(call => call.startsWith(words));
  assert.ok(first('az storage blob upload') < first('az keyvault secret list'));

  const failing = stage(t, { az: `case "$*" in "storage blob upload"*) exit 7;; esac; ${vault}` });
  assert.equal(failing.run('azd-postprovision.sh', whole).status, 7);
  assert.equal(failing.secret('vendor-openai'), undefined);
});

test('azd up\'s hooks, as azure.yaml names them, run to their ends one after another', t => {
  const { hooks } = parse(readFileSync(join(root, 'azure.yaml'), 'utf8'));
  const here = stage(t, { ...deployTools, az: `case "$1" in keyvault | storage) ${vault};; *) ${deployTools.az};; esac` });
  const whole = { ...secretEnvironment, ...catalogEnvironment, ...deployEnvironment };
  for (const hook of [hooks.postprovision, hooks.postdeploy]) {
    const { status, stderr } = here.run(hook.run.replace('./scripts/', ''), whole);
    assert.equal(status, 0, stderr);
  }
});
