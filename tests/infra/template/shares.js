import assert from 'node:assert/strict';
import test from 'node:test';
import { compiler, everything, footprint, parametersFile } from './footprint.js';

const regions = [
  { name: 'eastus2' }, { name: 'westeurope' }, { name: 'japaneast', sharePercent: 20 }, { name: 'swedencentral', closed: true, sharePercent: 5 },
  { name: 'francecentral', closed: true },
];
const split = { ...everything, regions, location: 'eastus2' };
const shares = settings => Object.fromEntries(Object.entries(settings).filter(([name]) => name.startsWith('EdgeRouter__Budgets__')));

test('A region with a share keeps records and budgets in tables of its own, in itself', async () => {
  const { settings, ofType } = await footprint(split);
  for (const region of ['japaneast', 'swedencentral']) {
    const account = ofType('Microsoft.Storage/storageAccounts').find(({ name }) => settings(region).EdgeRouter__Storage === `tables:https://${name}.table.core.windows.net`);
    assert.equal(account.location, region);
    assert.equal(account.tags['edgerouter-region'], region);
  }
  const accounts = regions.map(({ name }) => settings(name).EdgeRouter__Storage);
  assert.equal(accounts[0], accounts[1]);
  assert.equal(new Set(accounts).size, 4);
});

test('A region with a share reads a copy of the catalog in its own account, and nothing of it but the vault lies in another region', async () => {
  const { settings, outputs, ofType } = await footprint(split);
  const copies = ['japaneast', 'swedencentral'].map(region => settings(region).EdgeRouter__Catalog__Files__0);
  assert.deepEqual(outputs.EDGEROUTER_CATALOG_COPIES.split(' '), copies);
  assert.notEqual(settings('eastus2').EdgeRouter__Catalog__Files__0, copies[0]);
  for (const region of ['japaneast', 'swedencentral']) {
    const elsewhere = ofType('Microsoft.Storage/storageAccounts').concat(ofType('Microsoft.ServiceBus/namespaces')).filter(({ location }) => location !== region);
    assert.ok(elsewhere.length > 5);
    for (const [name, value] of Object.entries(settings(region))) {
      for (const other of elsewhere) assert.ok(!value.includes(`${other.name}.`), `${region}: ${name} is ${value}`);
    }
  }
});

test('Every region that takes part in the split knows the same list, and the rest is what the list leaves', async () => {
  const { settings } = await footprint(split);
  const list = { EdgeRouter__Budgets__Shares__japaneast: '0.20', EdgeRouter__Budgets__Shares__swedencentral: '0.05' };
  for (const region of ['eastus2', 'westeurope', 'japaneast', 'swedencentral']) assert.deepEqual(shares(settings(region)), list, region);
});

test('A closed region without a share has whole limits and knows of no shares', async () => {
  assert.deepEqual(shares((await footprint(split)).settings('francecentral')), {});
});

test('An open region with a share is behind the global endpoint and shares the telemetry', async () => {
  const { settings, ofType } = await footprint(split);
  assert.ok(ofType('Microsoft.Cdn/profiles/originGroups/origins').some(({ name }) => name.endsWith('/region-japaneast')));
  assert.equal(settings('japaneast').APPLICATIONINSIGHTS_CONNECTION_STRING, settings('eastus2').APPLICATIONINSIGHTS_CONNECTION_STRING);
});

test('Shares may take the whole when every region that shares no tables has one', async () => {
  const all = [{ name: 'eastus2', sharePercent: 60 }, { name: 'japaneast', sharePercent: 40 }, { name: 'francecentral', closed: true }];
  assert.deepEqual(shares((await footprint({ regions: all })).settings('eastus2')),
    { EdgeRouter__Budgets__Shares__eastus2: '0.60', EdgeRouter__Budgets__Shares__japaneast: '0.40' });
  assert.deepEqual(shares((await footprint({ regions: [{ name: 'eastus2', sharePercent: 100 }] })).settings('eastus2')),
    { EdgeRouter__Budgets__Shares__eastus2: '1' });
});

for (const [what, list, message] of [
  ['sum to more than the whole', [{ name: 'eastus2', sharePercent: 60 }, { name: 'japaneast', sharePercent: 41 }], /more than 100 together/],
  ['leave nothing for the regions that share tables', [{ name: 'eastus2', sharePercent: 100 }, { name: 'japaneast' }], /leave nothing/],
]) {
  test(`A deployment fails when the shares ${what}`, async () => {
    await assert.rejects(footprint({ regions: list }), message);
  });
}

for (const sharePercent of [0, 101, '20', 0.2]) {
  test(`The template refuses ${JSON.stringify(sharePercent)} as a percentage`, async () => {
    const { success } = await compiler.compileParameters(parametersFile({ environmentName: 'test', location: 'eastus2', regions: [{ name: 'eastus2', sharePercent }] }));
    assert.equal(success, false);
  });
}
