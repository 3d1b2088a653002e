import assert from 'node:assert/strict';
import test from 'node:test';
import { everything, footprint } from './footprint.js';

const perRegion = [
  'Microsoft.Web/serverfarms', 'Microsoft.Web/sites', 'Microsoft.Web/sites/config', 'Microsoft.ServiceBus/namespaces',
  'Microsoft.ServiceBus/namespaces/queues', 'Microsoft.Storage/storageAccounts/blobServices/containers',
];
const once = ['Microsoft.Resources/resourceGroups', 'Microsoft.ManagedIdentity/userAssignedIdentities', 'Microsoft.KeyVault/vaults', 'Microsoft.Insights/components'];
const named = names => names.map(name => ({ name }));

for (const regions of [['eastus2'], ['eastus2', 'westeurope'], ['eastus2', 'westeurope', 'japaneast', 'brazilsouth']]) {
  test(`${regions.length} open region(s): one of everything regional in each, one of everything shared`, () => {
    const { ofType, outputs } = footprint({ regions: named(regions) });
    for (const type of perRegion) assert.equal(ofType(type).length, regions.length, type);
    for (const type of once) assert.equal(ofType(type).length, 1, type);
    // A host account each, and one for all records.
    assert.equal(ofType('Microsoft.Storage/storageAccounts').length, regions.length + 1);
    assert.deepEqual(ofType('Microsoft.Web/sites').map(app => app.body.location), regions);
    assert.deepEqual(ofType('Microsoft.ServiceBus/namespaces').map(bus => bus.body.location), regions);
    assert.deepEqual(outputs.EDGEROUTER_REGIONAL_ENDPOINTS.map(endpoint => endpoint.region), regions);
    assert.deepEqual(outputs.EDGEROUTER_APPS.split(' '), ofType('Microsoft.Web/sites').map(app => app.name));
  });
}

test('Another order of the regions renames nothing', () => {
  const ids = regions => footprint({ regions: named(regions) }).resources.map(resource => resource.id).sort();
  assert.deepEqual(ids(['westeurope', 'eastus2']), ids(['eastus2', 'westeurope']));
});

test('Everything that belongs to one region can be found by its tag', () => {
  const { resources } = footprint(everything);
  for (const { name } of everything.regions) {
    const tagged = resources.filter(resource => resource.body.tags?.['edgerouter-region'] === name);
    assert.deepEqual(tagged, resources.filter(resource => resource.body.tags && resource.module.includes(`/region-${name}`)));
    assert.ok(tagged.length > 0);
  }
});

test('Open regions share one table account and one place for telemetry', () => {
  const { settings } = footprint(everything);
  for (const name of ['EdgeRouter__Storage', 'APPLICATIONINSIGHTS_CONNECTION_STRING']) assert.equal(settings('eastus2')[name], settings('westeurope')[name]);
});

test('A closed region keeps records and telemetry in accounts of its own, in itself', () => {
  const { settings, ofType } = footprint({ ...everything, location: 'eastus2' });
  const closed = settings('swedencentral');
  const account = ofType('Microsoft.Storage/storageAccounts').find(({ name }) => closed.EdgeRouter__Storage.includes(`//${name}.`));
  const insights = ofType('Microsoft.Insights/components').find(({ name }) => closed.APPLICATIONINSIGHTS_CONNECTION_STRING.startsWith(name));
  assert.equal(account.body.location, 'swedencentral');
  assert.equal(insights.body.location, 'swedencentral');
  assert.notEqual(closed.EdgeRouter__Storage, settings('eastus2').EdgeRouter__Storage);
  const workspaces = ofType('Microsoft.Insights/diagnosticSettings').filter(({ module }) => module.includes('/region-swedencentral/')).map(({ body }) => body.properties.workspaceId);
  assert.deepEqual([...new Set(workspaces)], [insights.body.properties.WorkspaceResourceId]);
});

test('No account of a closed region copies itself to another region', () => {
  for (const zoneRedundant of [true, false]) {
    for (const { body } of footprint({ ...everything, zoneRedundant }).ofType('Microsoft.Storage/storageAccounts')) assert.equal(body.sku.name, zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS');
  }
});

test('The global endpoint leads to every open region and to no closed one', () => {
  const { ofType, outputs } = footprint(everything);
  assert.deepEqual(ofType('Microsoft.Cdn/profiles/originGroups/origins').map(({ ownName }) => ownName), ['region-eastus2', 'region-westeurope']);
  assert.match(outputs.EDGEROUTER_GLOBAL_ENDPOINT, /^https:/);
});

test('Only open regions demand the header of Front Door, and only when it is there', () => {
  const { settings, outputs } = footprint(everything);
  assert.equal(settings('eastus2').EdgeRouter__FrontDoor__Id, outputs.EDGEROUTER_FRONT_DOOR_ID);
  assert.equal('EdgeRouter__FrontDoor__Id' in settings('swedencentral'), false);
  assert.equal('EdgeRouter__FrontDoor__Id' in footprint({ ...everything, frontDoor: false }).settings('eastus2'), false);
});

test('With every region closed there is no Front Door, wanted or not', () => {
  const { resources, outputs } = footprint({ regions: [{ name: 'eastus2', closed: true }], frontDoor: true });
  assert.deepEqual(resources.filter(({ type }) => type.startsWith('Microsoft.Cdn')), []);
  assert.equal(outputs.EDGEROUTER_GLOBAL_ENDPOINT, '');
});

for (const [what, parameters, message] of [
  ['an empty list', { regions: [] }, /regions: \[\] is out of bounds/],
  ['a region that has no Flex Consumption', { regions: [{ name: 'moonwest' }] }, /regions\[0\]\.name/],
  ['a misspelt closed', { regions: [{ name: 'eastus2', close: true }] }, /has no property close/],
  ['a bare name', { regions: ['eastus2'] }, /expected an object/],
  ['a memory size that is not sold', { instanceMemoryMB: 1024 }, /instanceMemoryMB: 1024 is not allowed/],
  ['no waiting instance', { alwaysReadyHttp: 0 }, /alwaysReadyHttp/],
  ['a maximum below 40', { maximumInstanceCount: 39 }, /maximumInstanceCount/],
  ['the Basic SKU, which detects no duplicates', { serviceBusSku: 'Basic' }, /serviceBusSku/],
  ['an unknown parameter', { region: 'eastus2' }, /has no parameter region/],
]) {
  test(`The template refuses ${what}`, () => assert.throws(() => footprint(parameters), message));
}
