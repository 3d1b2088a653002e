import assert from 'node:assert/strict';
import test from 'node:test';
import { everything, footprint } from './footprint.js';

// What the code does, and the role that lets it.
const blobOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b';
const blobContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe';
const blobReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';
const queueContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88';
const tableContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3';
const busSender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39';
const busReceiver = '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0';
const secretsUser = '4633458b-17de-408a-b874-0445c86b69e6';
const secretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7';
const metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb';

/** The roles of a principal, by the resource that they are on. */
function assigned(deployed, principal) {
  const roles = new Map();
  for (const { id, properties } of deployed.ofType('Microsoft.Authorization/roleAssignments')) {
    if (properties.principalId !== principal) continue;
    const scope = id.slice(0, id.indexOf('/providers/Microsoft.Authorization/'));
    roles.set(scope, [...roles.get(scope) ?? [], properties.roleDefinitionId.split('/').at(-1)].sort());
  }
  return roles;
}

/** The containers for catalog files. */
const catalogs = deployed => deployed.ofType('Microsoft.Storage/storageAccounts/blobServices/containers').filter(({ name }) => name.endsWith('/catalog'));

test('The identity has every role that the code needs, on that very resource, and no other', async () => {
  const deployed = await footprint(everything);
  const [identity] = deployed.ofType('Microsoft.ManagedIdentity/userAssignedIdentities');
  const expected = new Map();
  for (const { id, name } of deployed.ofType('Microsoft.Storage/storageAccounts')) {
    expected.set(id, name.startsWith('sth') ? [blobOwner, queueContributor, tableContributor].sort() : [tableContributor]);
  }
  for (const { id } of catalogs(deployed)) expected.set(id, [blobReader]);
  for (const { id } of deployed.ofType('Microsoft.ServiceBus/namespaces/queues')) expected.set(id, [busSender, busReceiver].sort());
  for (const { id } of deployed.ofType('Microsoft.KeyVault/vaults')) expected.set(id, [secretsUser]);
  for (const { id } of deployed.ofType('Microsoft.Insights/components')) expected.set(id, [metricsPublisher]);
  assert.deepEqual(Object.fromEntries(assigned(deployed, `${identity.name}.principalId`)), Object.fromEntries(expected));
});

test('Whoever deploys may write secrets and put catalog files, and nothing else', async () => {
  const deployed = await footprint(everything);
  const [vault] = deployed.ofType('Microsoft.KeyVault/vaults');
  const [catalog] = catalogs(deployed);
  assert.deepEqual(Object.fromEntries(assigned(deployed, 'whoever-deploys')), { [vault.id]: [secretsOfficer], [catalog.id]: [blobContributor] });
});

test('With nobody named, nobody but the identity has a role', async () => {
  const deployed = await footprint();
  assert.equal(new Set(deployed.ofType('Microsoft.Authorization/roleAssignments').map(({ properties }) => properties.principalId)).size, 1);
});

test('Every assignment says what kind of principal it names, so that a new identity is not looked up too early', async () => {
  for (const { properties } of (await footprint(everything)).ofType('Microsoft.Authorization/roleAssignments')) {
    assert.equal(properties.principalType, properties.principalId === 'whoever-deploys' ? 'User' : 'ServicePrincipal');
  }
});
