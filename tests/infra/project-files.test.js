import assert from 'node:assert/strict';
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { parse } from 'yaml';
import { read } from './bicep/syntax.js';
import { mainFile, root } from './footprint.js';

const text = path => readFileSync(join(root, path), 'utf8');
const executable = path => accessSync(join(root, path), constants.X_OK);

test('The parameters file and main.bicep have the same parameters', () => {
  const file = JSON.parse(text('infra/main.parameters.json'));
  assert.deepEqual(Object.keys(file.parameters).sort(), read(mainFile).params.map(param => param.name).sort());
});

test('Every parameter can be set by an environment variable of its own, and defaults live in main.bicep alone', () => {
  const values = Object.values(JSON.parse(text('infra/main.parameters.json')).parameters).map(({ value }) => value);
  for (const value of values) assert.match(value, /^\$\{(AZURE|EDGEROUTER)_[A-Z_]+\}$/);
  assert.equal(new Set(values).size, values.length);
});

test('The README explains every variable that a parameter is set by, and no other', () => {
  const variables = Object.values(JSON.parse(text('infra/main.parameters.json')).parameters).map(({ value }) => value.slice(2, -1)).filter(name => name.startsWith('EDGEROUTER_'));
  const explained = [...text('infra/README.md').matchAll(/^\| `(EDGEROUTER_[A-Z_]+)` \|/gm)].map(match => match[1]);
  assert.deepEqual(explained.sort(), variables.sort());
});

test('Only what azd itself provides has no default', () => {
  assert.deepEqual(read(mainFile).params.filter(param => !param.value).map(param => param.name), ['environmentName', 'location']);
});

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
  const outputs = ['AZURE_SUBSCRIPTION_ID', ...read(mainFile).outputs.map(output => output.name)]; // The first is azd's own.
  for (const script of ['scripts/azd-deploy.sh', 'scripts/azd-secrets.sh']) {
    // What a script gives a default of its own is not from the template.
    const own = [...text(script).matchAll(/\$\{([A-Z_]+):=/g)].map(match => match[1]);
    const wanted = [...text(script).matchAll(/\$\{?((?:AZURE|EDGEROUTER)_[A-Z_]+)/g)].map(match => match[1]).filter(name => !own.includes(name));
    assert.ok(wanted.length > 0, script);
    for (const name of wanted) assert.ok(outputs.includes(name), `${script}: ${name}`);
  }
});

test('host.json leaves every path to the router and holds messages no longer than their locks', () => {
  const host = JSON.parse(text('host.json'));
  assert.equal(host.version, '2.0');
  assert.equal(host.extensions.http.routePrefix, '');
  assert.deepEqual(host.extensions.serviceBus, { maxMessageBatchSize: 100, prefetchCount: 0, autoCompleteMessages: true });
  assert.match(host.functionTimeout, /^00:30:00$/);
  assert.ok(host.logging.applicationInsights.samplingSettings.excludedTypes.split(';').includes('Request'));
});

test('The workflow runs on every push and pull request: all tests, the build that ships, the template by the official compiler', () => {
  const workflow = parse(text('.github/workflows/ci.yml'));
  assert.ok('push' in workflow.on && 'pull_request' in workflow.on);
  const runs = Object.values(workflow.jobs).flatMap(job => job.steps.map(step => step.run ?? ''));
  for (const wanted of ['scripts/test.sh', 'scripts/verify-azure.sh', 'az bicep build', 'az bicep lint']) assert.ok(runs.some(run => run.includes(wanted)), wanted);
});

test('The lock file names no registry', () => {
  assert.doesNotMatch(text('tests/infra/package-lock.json'), /"resolved"|https?:\/\/[^"]*registry/);
});
