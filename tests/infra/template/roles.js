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

/** Every role that is given: the resource that it is on, to whom, and which. */
const assignments = deployed => deployed.ofType('Microsoft.Authorization/roleAssignments').map(({ id, properties }) => ({
  scope: id.slice(0, id.indexOf('/providers/Microsoft.Authorization/')),
  principal: properties.principalId,
  role: properties.roleDefinitionId.split('/').at(-1),
}));

/** The roles of a principal, by the resource that they are on. */
function assigned(deployed, principal) {
  const roles = {};
  for (const { scope, role, principal: whose } of assignments(deployed)) if (whose === principal) (roles[scope] ??= []).push(role);
  for (const scope in roles) roles[scope].sort();
  return roles;
}

/** The identity of a region's app, as role assignments name it. */
const principalOf = (deployed, region) =>
  `${deployed.ofType('Microsoft.ManagedIdentity/userAssignedIdentities').find(({ tags }) => tags['edgerouter-region'] === region).name}.principalId`;

/** The one resource of a type that belongs to a region; without a region, the one that all share. */
function one(deployed, type, region, prefix = '') {
  const found = deployed.ofType(type).filter(({ name, tags }) => tags?.['edgerouter-region'] === region && name.startsWith(prefix));
  assert.equal(found.length, 1, `${type} ${prefix} of ${region}`);
  return found[0].id;
}

const accounts = 'Microsoft.Storage/storageAccounts';

/** The role of our own, the only one. */
const exportWriter = deployed => {
  const [role, ...others] = deployed.ofType('Microsoft.Authorization/roleDefinitions');
  assert.deepEqual(others, []);
  return role;
};

/** What the identity of a region of `everything` is to have, and nothing else. */
function expected(deployed, { name, closed, sharePercent, management }) {
  const vault = one(deployed, 'Microsoft.KeyVault/vaults');
  const secrets = ['edgerouter-inference', 'edgerouter-inference-next', 'vendor-openai', 'vendor-google-ai'];
  if (management !== false) secrets.push('edgerouter-management', 'edgerouter-management-next');
  return {
    [one(deployed, accounts, closed ? name : undefined, 'stt')]: [tableContributor],
    [one(deployed, 'Microsoft.Insights/components', closed ? name : undefined)]: [metricsPublisher],
    [one(deployed, accounts, name, 'sth')]: [blobOwner, queueContributor, tableContributor].sort(),
    [`${one(deployed, accounts, name, 'stp')}/blobServices/default/containers/packages`]: [blobReader],
    [`${one(deployed, 'Microsoft.ServiceBus/namespaces', name)}/queues/usage`]: [busSender, busReceiver].sort(),
    [`${one(deployed, accounts, closed ? name : undefined, 'ste')}/blobServices/default/containers/money`]: [exportWriter(deployed).name],
    [`${one(deployed, accounts, sharePercent ? name : undefined, 'stt')}/blobServices/default/containers/catalog`]: [blobReader],
    ...Object.fromEntries(secrets.map(secret => [`${vault}/secrets/${secret}`, [secretsUser]])),
  };
}

for (const region of everything.regions) {
  const which = `The identity of ${region.name}, which is ${region.closed ? 'closed' : 'open'},`;
  test(`${which} has every role that its app needs, on that very resource, and no other`, async () => {
    const deployed = await footprint(everything);
    assert.deepEqual(assigned(deployed, principalOf(deployed, region.name)), expected(deployed, region));
  });
}

test('The output of role assignments names those of each region\'s identity, all of them, for the hook that takes the others away', async () => {
  const deployed = await footprint(everything);
  const named = deployed.outputs.EDGEROUTER_ROLE_ASSIGNMENTS.map(names => names.split(' '));
  assert.deepEqual(named.map(names => names.toSorted()), everything.regions.map(({ name }) => deployed
    .ofType('Microsoft.Authorization/roleAssignments')
    .filter(({ properties }) => properties.principalId === principalOf(deployed, name))
    .map(({ id }) => id.slice(id.indexOf('/Microsoft.Authorization/roleAssignments/') + '/Microsoft.Authorization/roleAssignments/'.length))
    .toSorted()));
});

test('Who writes exports can neither read, list nor delete them, and may do nothing else', async () => {
  const { properties } = exportWriter(await footprint(everything));
  const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';
  assert.deepEqual(properties.permissions, [{ actions: [], dataActions: [`${blobs}/write`, `${blobs}/add/action`] }]);
  assert.equal(properties.assignableScopes.length, 1);
  assert.match(properties.assignableScopes[0], /\/resourceGroups\/[^/]+$/);
});

test('Every region runs as an identity of its own', async () => {
  const deployed = await footprint(everything);
  const used = deployed.ofType('Microsoft.Web/sites').map(({ identity }) => Object.keys(identity.userAssignedIdentities));
  assert.ok(used.every(identities => identities.length === 1));
  assert.equal(new Set(used.flat()).size, everything.regions.length);
});

test('Nothing that belongs to a region is open to another region\'s identity, and no closed region to anybody else', async () => {
  const deployed = await footprint(everything);
  for (const { name } of everything.regions) {
    const own = deployed.resources.filter(({ tags }) => tags?.['edgerouter-region'] === name).map(({ id }) => id);
    const inside = assignments(deployed).filter(({ scope }) => own.some(id => scope === id || scope.startsWith(`${id}/`)));
    assert.ok(inside.length >= 6, name);
    const apps = inside.map(({ principal }) => principal).filter(principal => principal !== 'whoever-deploys');
    assert.deepEqual([...new Set(apps)], [principalOf(deployed, name)], name);
  }
});

test('The tables and the telemetry of the open regions are out of a closed region\'s reach', async () => {
  const deployed = await footprint(everything);
  const shared = [one(deployed, accounts, undefined, 'stt'), one(deployed, 'Microsoft.Insights/components')];
  const principals = new Set(assignments(deployed).filter(({ scope }) => shared.includes(scope)).map(({ principal }) => principal));
  assert.deepEqual(principals, new Set(['eastus2', 'westeurope'].map(name => principalOf(deployed, name))));
});

test('Nobody may write a code package', async () => {
  const deployed = await footprint(everything);
  const packages = assignments(deployed).filter(({ scope }) => /\/storageAccounts\/stp/.test(scope));
  assert.equal(packages.length, everything.regions.length);
  for (const { scope, role } of packages) {
    assert.match(scope, /\/containers\/packages$/);
    assert.equal(role, blobReader);
  }
});

test('Secrets are given one by one: no app has a role on the vault', async () => {
  const deployed = await footprint(everything);
  const reading = assignments(deployed).filter(({ role }) => role === secretsUser);
  assert.equal(reading.length, 6 + 6 + 4);
  for (const { scope } of reading) assert.match(scope, /\/vaults\/[^/]+\/secrets\/[^/]+$/);
});

test('The management keys are read by the regions that are managed, and by no other', async () => {
  const deployed = await footprint(everything);
  const readers = assignments(deployed).filter(({ scope }) => /\/secrets\/edgerouter-management(-next)?$/.test(scope)).map(({ principal }) => principal);
  assert.deepEqual(new Set(readers), new Set(['swedencentral', 'eastus2'].map(name => principalOf(deployed, name))));
});

test('Every role is on a resource or a part of one, never on a group or the subscription', async () => {
  for (const { scope } of assignments(await footprint(everything))) assert.match(scope, /\/resourceGroups\/[^/]+\/providers\//);
});

test('Whoever deploys may write secrets and put catalog files, and nothing else', async () => {
  const deployed = await footprint(everything);
  const [catalog, copy] = [undefined, 'swedencentral'].map(region => `${one(deployed, accounts, region, 'stt')}/blobServices/default/containers/catalog`);
  assert.deepEqual(assigned(deployed, 'whoever-deploys'),
    { [one(deployed, 'Microsoft.KeyVault/vaults')]: [secretsOfficer], [catalog]: [blobContributor], [copy]: [blobContributor] });
});

test('With nobody named, nobody but the identities has a role', async () => {
  const deployed = await footprint();
  const principals = new Set(assignments(deployed).map(({ principal }) => principal));
  assert.deepEqual(principals, new Set(['eastus2', 'westeurope'].map(name => principalOf(deployed, name))));
});

test('Every assignment says what kind of principal it names, so that a new identity is not looked up too early', async () => {
  for (const { properties } of (await footprint(everything)).ofType('Microsoft.Authorization/roleAssignments')) {
    assert.equal(properties.principalType, properties.principalId === 'whoever-deploys' ? 'User' : 'ServicePrincipal');
  }
});
