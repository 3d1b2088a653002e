import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { behindFrontDoor, deployEnvironment, deployTools, stage } from './stage.js';

const deployedTo = calls => calls.filter(call => call.includes('config-zip')).map(call => /--name (\S+)/.exec(call)[1]);

test('One build reaches every region, in order, as the same package', t => {
  const { status, calls, stderr } = stage(t, deployTools).run('azd-deploy.sh', deployEnvironment);
  assert.equal(status, 0, stderr);
  assert.equal(calls.filter(call => call.startsWith('dotnet publish')).length, 1);
  assert.deepEqual(deployedTo(calls), ['func-a', 'func-b', 'func-c']);
  assert.equal(new Set(calls.filter(call => call.includes('config-zip')).map(call => /--src (\S+)/.exec(call)[1])).size, 1);
});

test('The package takes the hidden extensions folder along', t => {
  const here = stage(t, deployTools);
  const { calls } = here.run('azd-deploy.sh', deployEnvironment);
  assert.match(readFileSync(join(here.folder, 'packed'), 'utf8'), /\.azurefunctions\/x\.dll/);
  assert.match(calls.find(call => call.startsWith('zip')), / \. -x local\.settings\.json$/);
});

test('A deployment leaves its bills of materials beside the package, not in it', t => {
  const here = stage(t, deployTools);
  here.run('azd-deploy.sh', deployEnvironment);
  for (const name of ['functions.cdx.json', 'functions-extensions.cdx.json']) assert.ok(existsSync(join(here.folder, 'artifacts', name)), name);
  assert.doesNotMatch(readFileSync(join(here.folder, 'packed'), 'utf8'), /cdx/);
});

test('A build without a bill of materials is not deployed', t => {
  const dotnet = `case $1 in dotnet-CycloneDX) exit 0;; esac; ${deployTools.dotnet}`;
  const { status, calls, stderr } = stage(t, { ...deployTools, dotnet }).run('azd-deploy.sh', deployEnvironment);
  assert.equal(status, 1);
  assert.match(stderr, /sbom: functions\.cdx\.json was not written/);
  assert.deepEqual(deployedTo(calls), []);
});

test('A region that does not come up stops the deployment before the next one', t => {
  const { status, calls, stderr } = stage(t, { ...deployTools, curl: 'case "$*" in *func-b*) exit 22;; esac' }).run('azd-deploy.sh', deployEnvironment);
  assert.equal(status, 1);
  assert.deepEqual(deployedTo(calls), ['func-a', 'func-b']);
  assert.match(stderr, /func-b\.example\.net\/health\/ready/);
});

test('A deployment that fails stops at once', t => {
  const az = `case "$*" in *config-zip*) echo "az: broken package" >&2; exit 3;; esac; ${deployTools.az}`;
  const { status, calls, stderr } = stage(t, { ...deployTools, az }).run('azd-deploy.sh', deployEnvironment);
  assert.equal(status, 3);
  assert.match(stderr, /az: broken package/);
  assert.deepEqual(deployedTo(calls), ['func-a']);
});

const callsOf = (calls, words) => calls.filter(call => call.startsWith(`az ${words}`));
const packages = account =>
  `/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/${account}/blobServices/default/containers/packages`;

test('Each app may write its own package from before the build until all is over, and no longer', t => {
  const here = stage(t, deployTools);
  const { status, calls, stderr } = here.run('azd-deploy.sh', deployEnvironment);
  assert.equal(status, 0, stderr);
  const given = callsOf(calls, 'role assignment create').map(call => /--assignee-object-id (\S+) .*--scope (\S+) --role (.*) --output/.exec(call).slice(1));
  assert.deepEqual(given, [
    ['principal-of-id-a', packages('stpa'), 'Storage Blob Data Contributor'],
    ['principal-of-id-b', packages('stpb'), 'Storage Blob Data Contributor'],
    ['principal-of-id-c', packages('stpc'), 'Storage Blob Data Contributor'],
  ]);
  const at = words => calls.findIndex(call => call.startsWith(words));
  assert.ok(at('az role assignment create') < at('dotnet publish'));
  assert.ok(at('az role assignment delete') > calls.findLastIndex(call => call.startsWith('curl')));
  assert.deepEqual(here.lines('roles'), []);
});

const interruptedAt = step => `case "$*" in ${step}) kill -INT $PPID;; esac; ${deployTools.az}`;
const whileMaking = interruptedAt('*"role assignment create"*id-b*');
const whileClosing = interruptedAt('*"access-restriction remove"*');
for (const [what, tools, expected] of [
  ['the build fails', { dotnet: 'exit 7' }, 7],
  ['a deployment fails', { az: `case "$*" in *config-zip*) exit 3;; esac; ${deployTools.az}` }, 3],
  ['a region does not come up', { curl: 'exit 22' }, 1],
  ['its terminal is closed', { curl: 'kill -HUP $PPID' }, 129],
  ['it is interrupted', { curl: 'kill -INT $PPID' }, 130],
  ['it is told to quit', { curl: 'kill -QUIT $PPID' }, 131],
  ['it is ended', { curl: 'kill -TERM $PPID' }, 143],
  ['it is interrupted while Azure makes a role assignment', { az: whileMaking }, 130],
  ['a second signal arrives while it closes', { curl: 'kill -INT $PPID', az: whileClosing }, 130],
]) {
  test(`When ${what}, nothing stays open`, t => {
    const here = stage(t, { ...deployTools, ...tools });
    const { status, calls } = here.run('azd-deploy.sh', behindFrontDoor);
    assert.equal(status, expected);
    assert.notEqual(callsOf(calls, 'role assignment create').length, 0);
    assert.deepEqual([here.lines('roles'), here.lines('rules')], [[], []]);
  });
}

test('What a deployment that was killed left open is closed before anything else is opened', t => {
  const here = stage(t, deployTools);
  const left = `${packages('stpb')}/providers/Microsoft.Authorization/roleAssignments/of-the-killed-one`;
  const another = `somebody-else ${packages('stpb')}/providers/Microsoft.Authorization/roleAssignments/another`;
  writeFileSync(join(here.folder, 'roles'), `principal-of-id-b ${left}\n${another}\n`);
  writeFileSync(join(here.folder, 'rules'), 'func-c true\nfunc-c true\nfunc-c false\n');
  const { status, calls, stderr } = here.run('azd-deploy.sh',
    { ...behindFrontDoor, EDGEROUTER_APPS: 'func-b', EDGEROUTER_IDENTITIES: 'id-b', EDGEROUTER_PACKAGE_ACCOUNTS: 'stpb' });
  assert.equal(status, 0, stderr);
  assert.deepEqual(here.lines('rules'), []);
  assert.deepEqual(here.lines('roles'), [another]);
  const at = words => calls.findIndex(call => call.startsWith(words));
  assert.ok(calls.findLastIndex(call => /-restriction remove --resource-group rg --name func-c/.test(call)) < at('az role assignment create'));
  assert.ok(at(`az role assignment delete --ids ${left}`) < at('az role assignment create'));
});

test('A right to write that cannot be taken away fails the deployment and is named', t => {
  const az = `case "$*" in "role assignment delete"*stpb*) exit 4;; esac; ${deployTools.az}`;
  const { status, calls, stderr } = stage(t, { ...deployTools, az }).run('azd-deploy.sh', deployEnvironment);
  assert.equal(status, 1);
  assert.match(stderr, /may still write its package; delete the role assignment \S+\/stpb\/\S+\/roleAssignments\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\n/);
  assert.equal(callsOf(calls, 'role assignment delete').length, 3);
});

test('A right to write that does not act yet is waited for, and given up in the end', t => {
  const patient = `case "$*" in *config-zip*) n=$(cat "$STAGE/tries" 2>/dev/null || echo 0); echo $((n + 1)) > "$STAGE/tries"
    if [ "$n" -lt 2 ]; then echo "BlobUploadFailedException: 403" >&2; exit 1; fi;; esac; ${deployTools.az}`;
  const slow = stage(t, { ...deployTools, az: patient }).run('azd-deploy.sh', { ...deployEnvironment, EDGEROUTER_APPS: 'func-a' });
  assert.equal(slow.status, 0, slow.stderr);
  assert.deepEqual(deployedTo(slow.calls), ['func-a', 'func-a', 'func-a']);

  const az = `case "$*" in *config-zip*) echo "Status Code: 403, Forbidden" >&2; exit 5;; esac; ${deployTools.az}`;
  const closed = stage(t, { ...deployTools, az }).run('azd-deploy.sh', { ...deployEnvironment, EDGEROUTER_ACCESS_TIMEOUT: '30' });
  assert.equal(closed.status, 5);
  assert.deepEqual(deployedTo(closed.calls), ['func-a', 'func-a', 'func-a']);
});

test('A fault beside an id with 403 in it is not waited for', t => {
  const fault = 'Status Code: 400, request id 4a403b7c-4031-4403-8403-000000000403';
  const az = `case "$*" in *config-zip*) echo "${fault}" >&2; exit 5;; esac; ${deployTools.az}`;
  const { status, calls } = stage(t, { ...deployTools, az }).run('azd-deploy.sh', deployEnvironment);
  assert.equal(status, 5);
  assert.deepEqual(deployedTo(calls), ['func-a']);
});

test('A region behind Front Door lets the deployment in, at both sites, and nobody any more once it is up', t => {
  const { status, calls, stderr } = stage(t, deployTools).run('azd-deploy.sh', { ...behindFrontDoor, EDGEROUTER_DEPLOY_FROM: '203.0.113.7/32' });
  assert.equal(status, 0, stderr);
  const steps = calls.filter(call => /access-restriction (add|remove)|config-zip|^curl/.test(call)).map(call => call
    .replace(/^az functionapp (config access-restriction |deployment source )/, '')
    .replace(/--resource-group rg | --output none|--rule-name azd-deploy| --subscription sub/g, '')
    .replace(/ --src \S+/, '').replace(/^curl .*retry-max-time 300/, 'curl').replace(/ +/g, ' '));
  const region = name => [
    `add --name ${name} --action Allow --priority 50 --ip-address 203.0.113.7/32 --scm-site true`,
    `add --name ${name} --action Allow --priority 50 --ip-address 203.0.113.7/32 --scm-site false --http-headers x-azure-fdid=fd-id`,
    `config-zip --name ${name}`,
    `curl https://${name}.example.net/health/ready -H X-Azure-FDID: fd-id`,
    `remove --name ${name} --scm-site true`,
    `remove --name ${name} --scm-site false`,
  ];
  const closed = ['config-zip --name func-b', 'curl https://func-b.example.net/health/ready'];
  assert.deepEqual(steps.map(step => step.trim()), [...region('func-a'), ...closed, ...region('func-c')]);
});

test('A site that cannot be closed again fails the deployment and is named', t => {
  const az = `case "$*" in *"access-restriction remove"*) exit 4;; esac; ${deployTools.az}`;
  const { status, calls, stderr } = stage(t, { ...deployTools, az }).run('azd-deploy.sh', behindFrontDoor);
  assert.notEqual(status, 0);
  assert.match(stderr, /access restriction named azd-deploy is left behind at func-a; azd provision removes it/);
  assert.deepEqual(deployedTo(calls), ['func-a']);
  // Both sites are tried.
  assert.equal(callsOf(calls, 'functionapp config access-restriction remove').length, 2);
});

test('A build that fails deploys nothing', t => {
  const { status, calls } = stage(t, { ...deployTools, dotnet: 'exit 7' }).run('azd-deploy.sh', deployEnvironment);
  assert.equal(status, 7);
  assert.deepEqual(deployedTo(calls), []);
});

test('Without Front Door nothing is opened, and the health check names none', t => {
  const { calls } = stage(t, deployTools).run('azd-deploy.sh', { ...deployEnvironment, EDGEROUTER_FRONT_DOOR_ID: '', EDGEROUTER_APPS_BEHIND_FRONT_DOOR: '' });
  assert.deepEqual(callsOf(calls, 'functionapp config'), []);
  for (const call of calls.filter(call => call.startsWith('curl'))) assert.doesNotMatch(call, /X-Azure-FDID/);
});
