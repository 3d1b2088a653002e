import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { root } from '../root.js';
import { compiler, everything, footprint, mainFile } from './footprint.js';

test('The official compiler and its linter have nothing to say about the template', async () => {
  const { success, diagnostics } = await compiler.compile(mainFile);
  assert.deepEqual(diagnostics, []);
  assert.equal(success, true);
});

test('Every file of infra/ that the compiler reads is part of the template', async () => {
  const read = readdirSync(join(root, 'infra'), { recursive: true }).filter(name => !/^(modules|README\.md|main\.parameters\.json)$/.test(name));
  assert.deepEqual((await compiler.files(mainFile)).sort(), read.map(name => join(root, 'infra', name)).sort());
});

test('Every module in main has one line that says what it is', () => {
  const source = readFileSync(mainFile, 'utf8');
  const modules = [...source.matchAll(/^module (\w+) /gm)].map(match => match[1]);
  assert.ok(modules.length > 0);
  for (const module of modules) assert.match(source, new RegExp(`^// .+\\nmodule ${module} `, 'm'), module);
});

test('No type is used in a preview version, but the one that has no other', async () => {
  const { resources } = await footprint(everything);
  const previews = new Set(resources.filter(({ apiVersion }) => apiVersion.endsWith('-preview')).map(({ type }) => type));
  assert.deepEqual([...previews], ['Microsoft.Insights/diagnosticSettings']);
});
