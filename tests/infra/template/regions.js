import assert from 'node:assert/strict';
import test from 'node:test';
import { everything, footprint } from './footprint.js';

const perRegion = [
  'Microsoft.ManagedIdentity/userAssignedIdentities', 'Microsoft.Web/serverfarms', 'Microsoft.Web/sites', 'Microsoft.Web/sites/config',
  'Microsoft.ServiceBus/namespaces', 'Microsoft.ServiceBus/namespaces/queues',
];
const once = ['Microsoft.Resources/resourceGroups', 'Microsoft.KeyVault/vaults', 'Microsoft.Insights/components'];

for (const regions of [['eastus2'], ['eastus2', 'westeurope'], ['eastus2', 'westeurope', 'japaneast', 'brazilsouth']]) {
  const parameters = regions.length === 2 ? {} : { regions: regions.map(name => ({ name })) }; // Two are the default.
  test(`${regions.length} open region(s): one of everything regional in each, one of everything shared`, async () => {
    const { ofType, outputs } = await footprint(parameters);
    for (const type of perRegion) assert.equal(ofType(type).length, regions.length, type);
    for (const type of once) assert.equal(ofType(type).length, 1, type);
    // An account of the host and one of the package each, one for all records, and one for their exports.
    assert.equal(ofType('Microsoft.Storage/storageAccounts').length, 2 * regions.length + 2);
    assert.deepEqual(ofType('Microsoft.Web/sites').map(app => app.location), regions);
    assert.deepEqual(ofType('Microsoft.ServiceBus/namespaces').map(bus => bus.location), regions);
    assert.deepEqual(outputs.EDGEROUTER_REGIONAL_ENDPOINTS.map(endpoint => endpoint.region), regions);
    assert.deepEqual(outputs.EDGEROUTER_APPS.split(' '), ofType('Microsoft.Web/sites').map(app => app.name));
    assert.deepEqual(outputs.EDGEROUTER_IDENTITIES.split(' '), ofType('Microsoft.ManagedIdentity/userAssignedIdentities').map(({ name }) => name));
    const packages = ofType('Microsoft.Storage/storageAccounts/blobServices/containers').filter(({ name }) => name.endsWith('/packages'));
    assert.deepEqual(outputs.EDGEROUTER_PACKAGE_ACCOUNTS.split(' '), packages.map(({ name }) => name.split('/')[0]));
  });
}

test('Everything that belongs to one region can be found by its tag', async () => {
  const { resources } = await footprint(everything);
  const tagged = name => resources.filter(({ tags }) => tags?.['edgerouter-region'] === name);
  for (const { name, closed } of everything.regions) {
    const expected = ['Microsoft.Insights/metricAlerts', 'Microsoft.Insights/metricAlerts', 'Microsoft.ManagedIdentity/userAssignedIdentities',
      'Microsoft.ServiceBus/namespaces', 'Microsoft.Storage/storageAccounts', 'Microsoft.Storage/storageAccounts',
      'Microsoft.Web/serverfarms', 'Microsoft.Web/sites'];
    const own = ['Microsoft.Insights/components', 'Microsoft.Insights/scheduledQueryRules', 'Microsoft.OperationalInsights/workspaces',
      'Microsoft.Storage/storageAccounts', 'Microsoft.Storage/storageAccounts'];
    assert.deepEqual(tagged(name).map(({ type }) => type).sort(), [...expected, ...closed ? own : []].sort(), name);
  }
});

test('Open regions share one table account and one place for telemetry', async () => {
  const { settings } = await footprint(everything);
  for (const name of ['EdgeRouter__Storage', 'APPLICATIONINSIGHTS_CONNECTION_STRING']) assert.equal(settings('eastus2')[name], settings('westeurope')[name]);
});

test('A closed region keeps records and telemetry in accounts of its own, in itself', async () => {
  const { settings, ofType } = await footprint({ ...everything, location: 'eastus2' });
  const closed = settings('swedencentral');
  const account = ofType('Microsoft.Storage/storageAccounts').find(({ name }) => closed.EdgeRouter__Storage.includes(`//${name}.`));
  const insights = ofType('Microsoft.Insights/components').find(({ name }) => closed.APPLICATIONINSIGHTS_CONNECTION_STRING.startsWith(name));
  assert.equal(account.location, 'swedencentral');
  assert.equal(insights.location, 'swedencentral');
  assert.notEqual(closed.EdgeRouter__Storage, settings('eastus2').EdgeRouter__Storage);
  const inside = ofType('Microsoft.Web/sites').concat(ofType('Microsoft.ServiceBus/namespaces')).filter(({ location }) => location === 'swedencentral');
  const workspaces = ofType('Microsoft.Insights/diagnosticSettings').filter(({ id }) => inside.some(watched => id.startsWith(`${watched.id}/`)));
  assert.equal(workspaces.length, 2);
  for (const { properties } of workspaces) assert.equal(properties.workspaceId, insights.properties.WorkspaceResourceId);
});

test('No account of a closed region copies itself to another region', async () => {
  for (const { sku } of (await footprint(everything)).ofType('Microsoft.Storage/storageAccounts')) assert.match(sku.name, /^Standard_[ZL]RS$/);
});

test('Host storage is zone redundant with its plan', async () => {
  for (const zoneRedundant of [true, false]) {
    for (const { sku } of (await footprint({ ...everything, zoneRedundant })).ofType('Microsoft.Storage/storageAccounts').filter(({ name }) => name.startsWith('sth'))) {
      assert.equal(sku.name, zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS');
    }
  }
});

test('The global endpoint leads to every open region and to no closed one', async () => {
  const { ofType, outputs } = await footprint(everything);
  assert.deepEqual(ofType('Microsoft.Cdn/profiles/originGroups/origins').map(({ name }) => name.split('/').at(-1)), ['region-eastus2', 'region-westeurope']);
  assert.match(outputs.EDGEROUTER_GLOBAL_ENDPOINT, /^https:/);
});

test('Only open regions demand the header of Front Door, and only when it is there', async () => {
  const { settings, outputs } = await footprint(everything);
  assert.equal(settings('eastus2').EdgeRouter__FrontDoor__Id, outputs.EDGEROUTER_FRONT_DOOR_ID);
  assert.equal('EdgeRouter__FrontDoor__Id' in settings('swedencentral'), false);
  assert.equal('EdgeRouter__FrontDoor__Id' in (await footprint()).settings('eastus2'), false);
});

test('With every region closed there is no Front Door, wanted or not', async () => {
  const { resources, outputs } = await footprint({ regions: [{ name: 'eastus2', closed: true }], frontDoor: true });
  assert.deepEqual(resources.filter(({ type }) => type.startsWith('Microsoft.Cdn')), []);
  assert.equal(outputs.EDGEROUTER_GLOBAL_ENDPOINT, '');
});
