import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import test from 'node:test';
import { read } from './bicep/syntax.js';
import { bicepFiles, everything, footprint, mainFile, root } from './footprint.js';

const units = bicepFiles.map(read);
const name = unit => relative(root, unit.file);

// The oldest API version that has every property used, so that any recent Bicep knows the type.
const apiVersions = {
  'Microsoft.Resources/resourceGroups': '2024-03-01',
  'Microsoft.ManagedIdentity/userAssignedIdentities': '2023-01-31',
  'Microsoft.Web': '2024-04-01',
  'Microsoft.Storage': '2023-05-01',
  'Microsoft.ServiceBus': '2024-01-01',
  'Microsoft.KeyVault': '2023-07-01',
  'Microsoft.OperationalInsights': '2023-09-01',
  'Microsoft.Insights/components': '2020-02-02',
  'Microsoft.Insights/actionGroups': '2023-01-01',
  'Microsoft.Insights/metricAlerts': '2018-03-01',
  'Microsoft.Insights/scheduledQueryRules': '2022-06-15',
  // There is no version of this type without "preview" in its name.
  'Microsoft.Insights/diagnosticSettings': '2021-05-01-preview',
  'Microsoft.Authorization/roleAssignments': '2022-04-01',
  'Microsoft.Cdn': '2024-02-01',
};
const nameRules = {
  'Microsoft.Storage/storageAccounts': /^[a-z0-9]{3,24}$/,
  'Microsoft.KeyVault/vaults': /^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
  'Microsoft.ServiceBus/namespaces': /^[A-Za-z](?!.*(-sb|-mgmt)$)[A-Za-z0-9-]{4,48}[A-Za-z0-9]$/,
  'Microsoft.Web/sites': /^[A-Za-z0-9][A-Za-z0-9-]{0,58}[A-Za-z0-9]$/,
  'Microsoft.Cdn/profiles/ruleSets': /^[A-Za-z][A-Za-z0-9]*$/,
};

for (const unit of units) {
  test(`${name(unit)} uses all that it declares`, () => {
    const used = JSON.stringify([unit.vars, unit.resources, unit.modules, unit.outputs, unit.params.map(param => param.value)]);
    const unused = [...unit.params, ...unit.vars].filter(({ name }) => !used.includes(`{"kind":"name","name":"${name}"}`)).map(({ name }) => name);
    const types = JSON.stringify([unit.params, unit.outputs, unit.types]);
    const unusedTypes = unit.imports.flatMap(entry => entry.names).filter(type => !types.includes(`{"kind":"reference","name":"${type}"}`));
    assert.deepEqual([...unused, ...unusedTypes], []);
  });

  test(`${name(unit)} declares every name once`, () => {
    const names = [...unit.params, ...unit.vars, ...unit.resources, ...unit.modules, ...unit.types].map(declaration => declaration.name).concat(unit.imports.flatMap(entry => entry.names));
    assert.deepEqual(names.filter((name, i) => names.indexOf(name) !== i), []);
  });
}

test('Every module file is used, and every file used is there', () => {
  const used = units.flatMap(unit => unit.modules.map(module => join(dirname(unit.file), module.path)));
  const modules = bicepFiles.filter(file => dirname(file).endsWith('modules'));
  assert.deepEqual([...new Set(used)].sort(), [...modules].sort());
});

test('Every module in main has one line that says what it is', () => {
  const modules = units.find(unit => unit.file === mainFile).modules.map(module => module.name);
  const source = readFileSync(mainFile, 'utf8');
  for (const module of modules) assert.match(source, new RegExp(`^// .+\\nmodule ${module} `, 'm'), module);
});

test('Every type has the API version that was read up on', () => {
  const wrong = footprint(everything).resources.filter(({ type, apiVersion }) => (apiVersions[type] ?? apiVersions[type.split('/')[0]]) !== apiVersion);
  assert.deepEqual(wrong.map(({ type, apiVersion }) => `${type}@${apiVersion}`), []);
});

test('No two resources have one name, whichever region holds the shared ones', () => {
  for (const location of ['swedencentral', 'eastus2', 'northeurope']) {
    const ids = footprint({ ...everything, location }).resources.map(resource => resource.id.toLowerCase());
    assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), []);
  }
});

test('Names keep to the rules of their types', () => {
  for (const { type, ownName } of footprint(everything).resources) if (nameRules[type]) assert.match(ownName, nameRules[type], type);
});
