import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { root } from '../root.js';
import { compiler, mainFile, parametersFile } from './footprint.js';

const { parameters } = JSON.parse(readFileSync(join(root, 'infra/main.parameters.json'), 'utf8'));
const variables = Object.values(parameters).map(({ value }) => value.slice(2, -1));
const template = async () => JSON.parse((await compiler.compile(mainFile)).contents);

/** What azd does with the file: a variable that is not set leaves its parameter out; an array, object, number or truth value is read from JSON. */
async function substituted(environment) {
  const declared = (await template()).parameters;
  const values = {};
  for (const [name, { value }] of Object.entries(parameters)) {
    const text = environment[value.slice(2, -1)];
    if (text !== undefined) values[name] = declared[name].type === 'string' ? text : JSON.parse(text);
  }
  return values;
}

test('The parameters file and the template have the same parameters', async () => {
  assert.deepEqual(Object.keys(parameters).sort(), Object.keys((await template()).parameters).sort());
});

test('Every parameter can be set by an environment variable of its own, and defaults live in main.bicep alone', () => {
  for (const { value } of Object.values(parameters)) assert.match(value, /^\$\{(AZURE|EDGEROUTER)_[A-Z_]+\}$/);
  assert.equal(new Set(variables).size, variables.length);
});

test('The README explains every variable that a parameter is set by, and no other', () => {
  const readme = readFileSync(join(root, 'infra/README.md'), 'utf8');
  const explained = [...readme.matchAll(/^\| `(EDGEROUTER_[A-Z_]+)` \|/gm)].map(match => match[1]);
  assert.deepEqual(explained.sort(), variables.filter(name => name.startsWith('EDGEROUTER_')).sort());
});

test('Only what azd itself provides has no default', async () => {
  const needed = Object.entries((await template()).parameters).filter(([, { defaultValue }]) => defaultValue === undefined);
  assert.deepEqual(needed.map(([name]) => name), ['environmentName', 'location']);
});

const smallest = { AZURE_ENV_NAME: 'prod', AZURE_LOCATION: 'eastus2' };
const largest = {
  ...smallest,
  AZURE_PRINCIPAL_ID: '00000000-0000-0000-0000-000000000003',
  AZURE_PRINCIPAL_TYPE: 'ServicePrincipal',
  EDGEROUTER_REGIONS: '[{"name":"eastus2"},{"name":"swedencentral","closed":true,"appSettings":{"EdgeRouter__Budgets__Account__Limit":"200"}}]',
  EDGEROUTER_VENDORS: '["openai","anthropic"]',
  EDGEROUTER_NEXT_KEYS: '["inference","management"]',
  EDGEROUTER_FRONT_DOOR: 'true',
  EDGEROUTER_REQUESTS_PER_MINUTE: '600',
  EDGEROUTER_INSTANCE_MEMORY_MB: '4096',
  EDGEROUTER_HTTP_CONCURRENCY: '200',
  EDGEROUTER_ALWAYS_READY_HTTP: '2',
  EDGEROUTER_MAXIMUM_INSTANCE_COUNT: '60',
  EDGEROUTER_ZONE_REDUNDANT: 'true',
  EDGEROUTER_TABLES_REDUNDANCY: 'local',
  EDGEROUTER_DELETE_LOCK: 'false',
  EDGEROUTER_EXPORT_RETENTION_DAYS: '3650',
  EDGEROUTER_SERVICE_BUS_SKU: 'Premium',
  EDGEROUTER_LOG_RETENTION_DAYS: '90',
  EDGEROUTER_ALERT_EMAIL: 'operators@example.com',
  EDGEROUTER_APP_SETTINGS: '{"EdgeRouter__Limits__MaxAttempts":"3"}',
};

for (const [what, environment] of [['the least that azd sets', smallest], ['every variable set', largest]]) {
  test(`The compiler accepts the parameters file with ${what}`, async () => {
    const { success, diagnostics } = await compiler.compileParameters(parametersFile(await substituted(environment)));
    assert.deepEqual(diagnostics, []);
    assert.equal(success, true);
  });
}

test('Every variable of the parameters file is tried', () => assert.deepEqual(Object.keys(largest).sort(), [...variables].sort()));

for (const [what, values, message] of [
  ['an empty list of regions', { regions: [] }, /too short/],
  ['a region that has no Flex Consumption', { regions: [{ name: 'moonwest' }] }, /moonwest/],
  ['a misspelt closed', { regions: [{ name: 'eastus2', close: true }] }, /"close"/],
  ['a bare name of a region', { regions: ['eastus2'] }, /'eastus2'/],
  ['a management that is no truth value', { regions: [{ name: 'eastus2', management: 'no' }] }, /bool/],
  ['a next key of an unknown kind', { nextKeys: ['admin'] }, /admin/],
  ['a limit of requests below 0', { requestsPerMinute: -1 }, /minimum/],
  ['settings of a region that are no object', { regions: [{ name: 'eastus2', appSettings: 'none' }] }, /appSettings/],
  ['a memory size that is not sold', { instanceMemoryMB: 1024 }, /1024/],
  ['no waiting instance', { alwaysReadyHttp: 0 }, /minimum/],
  ['a maximum below 40', { maximumInstanceCount: 39 }, /minimum/],
  ['a redundancy that leaves the region', { tablesRedundancy: 'geo' }, /geo/],
  ['the Basic SKU, which detects no duplicates', { serviceBusSku: 'Basic' }, /Basic/],
  ['an unknown parameter', { region: 'eastus2' }, /"region"/],
]) {
  test(`The template refuses ${what}`, async () => {
    const { success, diagnostics } = await compiler.compileParameters(parametersFile({ environmentName: 'test', location: 'eastus2', ...values }));
    assert.equal(success, false);
    assert.ok(diagnostics.some(fault => fault.level === 'Error' && message.test(fault.message)), JSON.stringify(diagnostics));
  });
}
