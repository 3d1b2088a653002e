import assert from 'node:assert/strict';
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { parse } from 'yaml';
import { root } from './root.js';

const text = path => readFileSync(join(root, path), 'utf8');
const executable = path => accessSync(join(root, path), constants.X_OK);

test('azure.yaml leads azd to the template and runs hooks that are there', () => {
  const project = parse(text('azure.yaml'));
  assert.deepEqual(project.infra, { provider: 'bicep', path: 'infra', module: 'main' });
  assert.equal(project.requiredVersions.azd, '>= 1.23.4');
  // A service is deployed to one resource only, so a list of regions cannot be written as services.
  assert.equal(project.services, undefined);
  assert.deepEqual(Object.keys(project.hooks).sort(), ['postdeploy', 'postprovision']);
  for (const hook of Object.values(project.hooks)) {
    assert.equal(hook.shell, 'sh');
    executable(hook.run);
  }
});

test('The outputs that the hooks read are there', () => {
  const declared = [...text('infra/main.bicep').matchAll(/^output (\w+) /gm)].map(match => match[1]);
  const outputs = ['AZURE_SUBSCRIPTION_ID', ...declared]; // The first is azd's own.
  for (const script of ['scripts/azd-deploy.sh', 'scripts/azd-secrets.sh', 'scripts/azd-catalog.sh', 'scripts/azd-roles.sh']) {
    // What a script gives a default of its own, and what the operator names in the shell, is not from the template.
    const own = [...text(script).matchAll(/\$\{([A-Z_]+):=/g)].map(match => match[1])
      .concat('EDGEROUTER_CATALOG_FILE', 'EDGEROUTER_NEXT_KEYS', 'EDGEROUTER_PROMOTE_KEYS', 'EDGEROUTER_VENDORS');
    const wanted = [...text(script).matchAll(/\$\{?((?:AZURE|EDGEROUTER)_[A-Z_]+)/g)].map(match => match[1]).filter(name => !own.includes(name));
    assert.ok(wanted.length > 0, script);
    for (const name of wanted) assert.ok(outputs.includes(name), `${script}: ${name}`);
  }
});

test('host.json leaves every path to the router, holds messages no longer than their locks, and has the time that the app counts on', () => {
  const host = JSON.parse(text('host.json'));
  assert.equal(host.version, '2.0');
  assert.equal(host.extensions.http.routePrefix, '');
  assert.deepEqual(host.extensions.serviceBus, { maxMessageBatchSize: 100, prefetchCount: 0, autoCompleteMessages: true });
  const [, minutes] = text('src/EdgeRouter.Functions/FunctionsHostSettings.cs').match(/FunctionTimeout = TimeSpan\.FromMinutes\((\d+)\)/);
  assert.equal(host.functionTimeout, `00:${minutes}:00`);
  assert.ok(host.logging.applicationInsights.samplingSettings.excludedTypes.split(';').includes('Request'));
});

test('The workflow runs on every push and pull request: all tests, the template by the official compiler among them, and the build that ships', () => {
  const workflow = parse(text('.github/workflows/ci.yml'));
  assert.ok('push' in workflow.on && 'pull_request' in workflow.on);
  const runs = Object.values(workflow.jobs).flatMap(job => job.steps.map(step => step.run ?? ''));
  for (const wanted of ['scripts/test.sh', 'scripts/verify-azure.sh']) assert.ok(runs.some(run => run.includes(wanted)), wanted);
  assert.match(text('scripts/test.sh'), /cd tests\/infra && timeout .* node --test/);
});

test('The lock file names no registry', () => {
  assert.doesNotMatch(text('tests/infra/package-lock.json'), /"resolved"|https?:\/\/[^"]*registry/);
});
