// Runs scripts/sbom.sh on the Functions app as it was last built here.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, after, test } from 'node:test';
import { root } from './root.js';

let folder;
const read = name => readFileSync(join(folder, name), 'utf8');
const components = name => JSON.parse(read(name)).components;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbom-'));
  const { status, stderr } = spawnSync(join(root, 'scripts', 'sbom.sh'), [folder], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});
after(() => rmSync(folder, { recursive: true }));

test('The bill of materials names every package of the lock file, with its version, and no other', () => {
  const locked = JSON.parse(readFileSync(join(root, 'src/EdgeRouter.Functions/packages.lock.json'), 'utf8')).dependencies;
  const packages = Object.values(locked).flatMap(Object.entries).filter(([, entry]) => entry.type !== 'Project');
  const expected = [...new Set(packages.map(([name, entry]) => `${name} ${entry.resolved}`))].sort();
  assert.ok(expected.length > 30);
  assert.deepEqual(components('functions.cdx.json').map(part => `${part.name} ${part.version}`).sort(), expected);
});

test('The bill of materials names the app and its version, and the licence and the hash of each package', () => {
  const { bomFormat, metadata, components } = JSON.parse(read('functions.cdx.json'));
  assert.equal(bomFormat, 'CycloneDX');
  assert.equal(metadata.component.name, 'EdgeRouter.Functions');
  assert.match(metadata.component.version, /^\d+\.\d+\.\d+$/);
  for (const part of components) {
    assert.ok(part.licenses?.length > 0, part.name);
    assert.equal(part.hashes?.[0].alg, 'SHA-512', part.name);
  }
});

test('The extensions for the Functions host have a bill of their own', () => {
  assert.ok(components('functions-extensions.cdx.json').some(part => part.name === 'Microsoft.NET.Sdk.Functions'));
});

test('No bill of materials tells a path or the package feed of this machine', () => {
  for (const name of ['functions.cdx.json', 'functions-extensions.cdx.json']) {
    const text = read(name);
    for (const path of [root.replace(/\/$/, ''), homedir(), tmpdir()]) assert.ok(!text.includes(path), `${name}: ${path}`);
    assert.doesNotMatch(text, /index\.json|obj[/\\]/, name);
  }
});
