import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { everything, footprint } from './footprint.js';

const listed = JSON.parse(readFileSync(new URL('../app-settings.json', import.meta.url), 'utf8'));
const known = [...listed.router, ...listed.functionsHost];
const matches = (pattern, name) => new RegExp(`^${pattern.replaceAll('*', '[A-Za-z0-9_]+')}$`).test(name);

// Flex Consumption keeps these in functionAppConfig, or refuses them.
const forbidden = [
  'FUNCTIONS_EXTENSION_VERSION', 'FUNCTIONS_WORKER_RUNTIME', 'FUNCTIONS_WORKER_RUNTIME_VERSION', 'FUNCTIONS_MAX_HTTP_CONCURRENCY',
  'FUNCTIONS_WORKER_PROCESS_COUNT', 'WEBSITE_RUN_FROM_PACKAGE', 'WEBSITE_CONTENTAZUREFILECONNECTIONSTRING', 'WEBSITE_CONTENTSHARE',
  'WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT', 'WEBSITE_VNET_ROUTE_ALL', 'SCM_DO_BUILD_DURING_DEPLOYMENT', 'ENABLE_ORYX_BUILD',
];

test('Every setting that is set is read by somebody', async () => {
  for (const region of everything.regions) {
    const unread = Object.keys((await footprint(everything)).settings(region.name)).filter(name => !known.some(pattern => matches(pattern, name)));
    assert.deepEqual(unread, [], region.name);
  }
});

test('Every setting that is read is set', async () => {
  const set = Object.keys((await footprint(everything)).settings('eastus2'));
  assert.deepEqual(known.filter(pattern => !set.some(name => matches(pattern, name))), []);
});

test('No setting is set that Flex Consumption refuses', async () => {
  assert.deepEqual(Object.keys((await footprint(everything)).settings('eastus2')).filter(name => forbidden.includes(name)), []);
});

test('The router finds its region, tables, queue and identity', async () => {
  const { settings, ofType } = await footprint({ regions: [{ name: 'eastus2' }] });
  const values = settings('eastus2');
  const [bus] = ofType('Microsoft.ServiceBus/namespaces');
  const [identity] = ofType('Microsoft.ManagedIdentity/userAssignedIdentities');
  const tables = ofType('Microsoft.Storage/storageAccounts').find(({ name }) => name.startsWith('stt'));
  assert.equal(values.EdgeRouter__Region, 'eastus2');
  assert.equal(values.EdgeRouter__Storage, `tables:https://${tables.name}.table.core.windows.net`);
  assert.equal(values.EdgeRouter__UsageQueue, `servicebus:${bus.name}.servicebus.windows.net`);
  assert.equal(values.UsageBus__fullyQualifiedNamespace, `${bus.name}.servicebus.windows.net`);
  assert.equal(values.UsageQueueName, 'usage');
  assert.equal(values.EdgeRouter__Catalog__Files__0, `https://${tables.name}.blob.core.windows.net/catalog/models.json`);
  const clientId = `${identity.name}.clientId`;
  for (const name of ['EdgeRouter__Azure__ClientId', 'UsageBus__clientId', 'AzureWebJobsStorage__clientId']) assert.equal(values[name], clientId);
  for (const name of ['UsageBus__credential', 'AzureWebJobsStorage__credential']) assert.equal(values[name], 'managedidentity');
  assert.equal(values.APPLICATIONINSIGHTS_AUTHENTICATION_STRING, `ClientId=${clientId};Authorization=AAD`);
});

test('Every key is a reference into the vault, and no setting holds a secret', async () => {
  const { settings, ofType } = await footprint(everything);
  const [vault] = ofType('Microsoft.KeyVault/vaults');
  const keys = Object.entries(settings('eastus2')).filter(([name]) => name.includes('__Keys__') || name.endsWith('__ApiKey'));
  const reference = secret => `@Microsoft.KeyVault(SecretUri=https://${vault.name}.vault.azure.net/secrets/${secret})`;
  assert.deepEqual(Object.fromEntries(keys), {
    EdgeRouter__Keys__Management: reference('edgerouter-management'),
    EdgeRouter__Keys__ManagementNext: reference('edgerouter-management-next'),
    EdgeRouter__Keys__Inference: reference('edgerouter-inference'),
    EdgeRouter__Keys__InferenceNext: reference('edgerouter-inference-next'),
    EdgeRouter__Providers__openai__ApiKey: reference('vendor-openai'),
    EdgeRouter__Providers__google_ai__ApiKey: reference('vendor-google-ai'),
  });
});

test('A region that is not managed has no setting of a management key', async () => {
  const { settings } = await footprint(everything);
  const keys = region => Object.keys(settings(region)).filter(name => name.startsWith('EdgeRouter__Keys__')).sort();
  assert.deepEqual(keys('westeurope'), ['EdgeRouter__Keys__Inference', 'EdgeRouter__Keys__InferenceNext']);
  assert.equal(keys('swedencentral').length, 4);
});

for (const [nextKeys, expected] of [[[], []], [['inference'], ['EdgeRouter__Keys__InferenceNext']], [['management'], ['EdgeRouter__Keys__ManagementNext']]]) {
  test(`With the next keys [${nextKeys}] the settings name those and no other`, async () => {
    const names = Object.keys((await footprint({ nextKeys })).settings('eastus2'));
    assert.deepEqual(names.filter(name => /^EdgeRouter__Keys__.*Next$/.test(name)), expected);
  });
}

test('Timers run in Azure when they run on a developer\'s machine', async () => {
  const local = JSON.parse(readFileSync(new URL('../../../src/EdgeRouter.Functions/local.settings.template.json', import.meta.url), 'utf8')).Values;
  const schedules = values => Object.fromEntries(Object.entries(values).filter(([name]) => name.endsWith('Schedule')));
  assert.deepEqual(schedules((await footprint()).settings('eastus2')), schedules(local));
  assert.equal(Object.keys(schedules(local)).length, 4);
});

test('The operator\'s own settings reach every region and win over the template\'s; a region\'s own reach it alone and win over the common ones', async () => {
  const appSettings = { EdgeRouter__Budgets__Account__Limit: '1000', RollupSweepSchedule: '0 0 4 * * *' };
  const own = { EdgeRouter__Budgets__Account__Limit: '200' };
  const { settings } = await footprint({ appSettings, regions: [{ name: 'eastus2' }, { name: 'swedencentral', closed: true, appSettings: own }] });
  assert.deepEqual({ ...settings('eastus2'), ...appSettings }, settings('eastus2'));
  assert.deepEqual({ ...settings('swedencentral'), ...appSettings, ...own }, settings('swedencentral'));
});

test('A provider that is not listed has no setting: an unresolved reference would be sent to it as its key', async () => {
  assert.deepEqual(Object.keys((await footprint()).settings('eastus2')).filter(name => name.startsWith('EdgeRouter__Providers__')), []);
});
