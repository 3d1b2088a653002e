import assert from 'node:assert/strict';
import test from 'node:test';
import { everything, footprint } from './footprint.js';

const nameRules = {
  'Microsoft.Storage/storageAccounts': /^[a-z0-9]{3,24}$/,
  'Microsoft.KeyVault/vaults': /^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
  'Microsoft.ServiceBus/namespaces': /^[A-Za-z](?!.*(-sb|-mgmt)$)[A-Za-z0-9-]{4,48}[A-Za-z0-9]$/,
  'Microsoft.ManagedIdentity/userAssignedIdentities': /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/,
  'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies': /^[A-Za-z][A-Za-z0-9]{0,127}$/,
  'Microsoft.Web/sites': /^[A-Za-z0-9][A-Za-z0-9-]{0,58}[A-Za-z0-9]$/,
  'Microsoft.Cdn/profiles/ruleSets': /^[A-Za-z][A-Za-z0-9]*$/,
};

test('No two resources have one name, whichever region holds the shared ones', async () => {
  for (const location of ['swedencentral', 'eastus2', 'northeurope']) {
    const ids = (await footprint({ ...everything, location })).resources.map(resource => resource.id.toLowerCase());
    assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), []);
  }
});

test('Names keep to the rules of their types', async () => {
  const { ofType } = await footprint(everything);
  for (const [type, rule] of Object.entries(nameRules)) {
    assert.ok(ofType(type).length > 0, type);
    for (const { name } of ofType(type)) assert.match(name.split('/').at(-1), rule, type);
  }
});

test('Another order of the regions renames nothing', async () => {
  const ids = async parameters => (await footprint(parameters)).resources.map(resource => resource.id).sort();
  assert.deepEqual(await ids({ regions: [{ name: 'westeurope' }, { name: 'eastus2' }] }), await ids());
});
