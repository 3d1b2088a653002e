import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { root } from '../root.js';
import { everything, footprint } from './footprint.js';

const withZones = JSON.parse(readFileSync(join(root, 'infra/zone-regions.json'), 'utf8')).regions;
const kept = deployed => deployed.ofType('Microsoft.Storage/storageAccounts').filter(({ name }) => /^st[te]/.test(name));

test('Tables and exports are zone redundant by default where the region has zones, and stay in one data centre elsewhere', async () => {
  const deployed = await footprint({ location: 'eastus2', regions: [{ name: 'eastus2' }, { name: 'westus', closed: true }, { name: 'japaneast', sharePercent: 10 }] });
  const redundancy = Object.fromEntries(kept(deployed).map(({ location, sku }) => [location, sku.name]));
  assert.deepEqual(redundancy, { eastus2: 'Standard_ZRS', westus: 'Standard_LRS', japaneast: 'Standard_ZRS' });
});

test('The name of a region may be written as the portal shows it', async () => {
  assert.equal(kept(await footprint({ location: 'East US 2' }))[0].sku.name, 'Standard_ZRS');
});

for (const [tablesRedundancy, sku] of [['zone', 'Standard_ZRS'], ['local', 'Standard_LRS']]) {
  test(`Tables and exports are ${sku} everywhere when the operator chose ${tablesRedundancy}`, async () => {
    const deployed = await footprint({ tablesRedundancy, regions: [{ name: 'eastus2' }, { name: 'westus', closed: true }] });
    for (const account of kept(deployed)) assert.equal(account.sku.name, sku, account.name);
  });
}

test('Of the regions that may be listed exactly these have no zones', () => {
  const types = readFileSync(join(root, 'infra/types.bicep'), 'utf8');
  const listed = [...types.matchAll(/^type (?:american|asian|european|african) = (.*)$/gm)].flatMap(([, names]) => [...names.matchAll(/'(\w+)'/g)].map(match => match[1]));
  assert.ok(listed.length > 20);
  assert.deepEqual(listed.filter(name => !withZones.includes(name)).sort(),
    ['australiasoutheast', 'northcentralus', 'southindia', 'ukwest', 'westcentralus', 'westus']);
});

test('The accounts of tables and exports, and no others, are locked against deletion unless the operator said no', async () => {
  const deployed = await footprint(everything);
  const locks = deployed.ofType('Microsoft.Authorization/locks');
  assert.deepEqual(locks.map(({ id }) => id.slice(0, id.indexOf('/providers/Microsoft.Authorization/'))).sort(), kept(deployed).map(({ id }) => id).sort());
  for (const { properties } of locks) assert.equal(properties.level, 'CanNotDelete');
  assert.deepEqual((await footprint({ ...everything, deleteLock: false })).ofType('Microsoft.Authorization/locks'), []);
});

test('Exports lie apart from their tables, in the same region, and cannot be changed while they are kept', async () => {
  const deployed = await footprint({ ...everything, exportRetentionDays: 30 });
  const { ofType, settings } = deployed;
  const accounts = ofType('Microsoft.Storage/storageAccounts');
  for (const { name: region } of everything.regions) {
    const { EdgeRouter__Storage: storage, EdgeRouter__Export__Target: target } = settings(region);
    const [tables, exported] = [storage, target].map(value => accounts.find(({ name }) => value.includes(`//${name}.`)));
    assert.equal(target, `blob:https://${exported.name}.blob.core.windows.net/money`);
    assert.notEqual(exported.name, tables.name);
    assert.equal(exported.location, tables.location);
  }
  const policies = ofType('Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies');
  const lifecycles = ofType('Microsoft.Storage/storageAccounts/managementPolicies');
  const exporting = accounts.filter(({ name }) => name.startsWith('ste'));
  for (const list of [policies, lifecycles]) assert.deepEqual(list.map(({ name }) => name.split('/')[0]).sort(), exporting.map(({ name }) => name).sort());
  for (const { properties } of policies) assert.equal(properties.immutabilityPeriodSinceCreationInDays, 30);
  for (const { properties } of lifecycles) {
    assert.deepEqual(properties.policy.rules.map(({ definition }) => definition),
      [{ filters: { blobTypes: ['blockBlob'], prefixMatch: ['money/'] }, actions: { baseBlob: { delete: { daysAfterCreationGreaterThan: 30 } } } }]);
  }
});
