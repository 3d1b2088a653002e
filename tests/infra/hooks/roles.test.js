// A deployment never removes a role assignment: the hook does.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { deployTools, identityEnvironment, stage } from './stage.js';

const assignment = (scope, name) => `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
const inGroup = resource => `/subscriptions/sub/resourceGroups/rg/providers/${resource}`;
const tables = inGroup('Microsoft.Storage/storageAccounts/stt');
const secret = inGroup('Microsoft.KeyVault/vaults/kv/secrets/vendor-old');
const spaced = inGroup('Microsoft.Web/sites/a b');

/** Runs the hook where these roles are, each the principal and the id of its assignment. */
function run(t, roles, environment = {}, az = deployTools.az) {
  const here = stage(t, { ...deployTools, az });
  writeFileSync(join(here.folder, 'roles'), roles.map(role => `${role}\n`).join(''));
  return { ...here.run('azd-roles.sh', { ...identityEnvironment, ...environment }), left: here.lines('roles') };
}

test('A role of an earlier choice goes, and those that the template lists stay', t => {
  const of = (identity, scope, name) => `principal-of-${identity} ${assignment(scope, name)}`;
  const listed = [of('id-a', tables, 'a-1'), of('id-a', secret, 'A-2'), of('id-b', tables, 'b-1')];
  const earlier = [of('id-a', secret, 'a-9'), of('id-b', spaced, 'b-9')];
  const { status, stdout, stderr, left } = run(t, [...listed, ...earlier]);
  assert.equal(status, 0, stderr);
  assert.deepEqual(left, listed);
  assert.match(stdout, /Took a role from id-a that the template does not list: .*\/vendor-old\/.*\/a-9\n/);
});

test('A role outside of the installation\'s group, or of somebody else, stays', t => {
  const others = [
    `principal-of-id-a ${assignment('/subscriptions/sub/resourceGroups/rg-other/providers/Microsoft.CognitiveServices/accounts/mine', 'x')}`,
    `principal-of-id-a ${assignment('/subscriptions/sub', 'y')}`,
    `somebody-else ${assignment(tables, 'z')}`,
  ];
  const { status, calls, left } = run(t, others);
  assert.equal(status, 0);
  assert.deepEqual(left, others);
  assert.deepEqual(calls.filter(call => call.includes('role assignment delete')), []);
});

test('The group is the same however Azure writes its letters', t => {
  const id = assignment('/subscriptions/SUB/resourcegroups/RG/providers/Microsoft.Storage/storageAccounts/stt', 'a-9');
  assert.deepEqual(run(t, [`principal-of-id-a ${id}`]).left, []);
});

for (const empty of ['[]', ' ', '[""]']) {
  test(`With "${empty}" for a list, no role is taken away`, t => {
    const roles = [`principal-of-id-a ${assignment(tables, 'a-1')}`];
    const { status, stderr, left } = run(t, roles, { EDGEROUTER_ROLE_ASSIGNMENTS: empty });
    assert.equal(status, 1);
    assert.match(stderr, /EDGEROUTER_ROLE_ASSIGNMENTS names none/);
    assert.deepEqual(left, roles);
  });
}

test('A role that cannot be taken away is named and fails the hook, and the others go', t => {
  const az = `case "$*" in "role assignment delete"*a-8*) exit 4;; esac; ${deployTools.az}`;
  const stuck = `principal-of-id-a ${assignment(tables, 'a-8')}`;
  const { status, stderr, left } = run(t, [stuck, `principal-of-id-a ${assignment(secret, 'a-9')}`], {}, az);
  assert.equal(status, 1);
  assert.match(stderr, /id-a has a role that the template does not list; delete the role assignment .*\/a-8\n/);
  assert.deepEqual(left, [stuck]);
});

test('Roles that cannot be read fail the hook', t => {
  assert.equal(run(t, [], {}, `case "$*" in "role assignment list"*) exit 6;; esac; ${deployTools.az}`).status, 6);
});

test('The identity of a region that is not listed is named, for it keeps its roles', t => {
  const az = `case "$*" in "identity list"*) printf 'id-a\\nid-b\\nid-gone\\n';; esac; ${deployTools.az}`;
  const { status, stderr } = run(t, [], {}, az);
  assert.equal(status, 0);
  assert.equal(stderr, 'azd-roles: id-gone is the identity of no listed region and keeps its roles until you delete it\n');
});
