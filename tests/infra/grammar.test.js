import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import test from 'node:test';
import { faults, parse } from './bicep/grammar.js';
import { bicepFiles, root } from './footprint.js';

for (const file of bicepFiles) {
  test(`${relative(root, file)} is understood by the grammar`, () => {
    assert.deepEqual(faults(parse(readFileSync(file, 'utf8'))), []);
  });
}

for (const [what, text] of [
  ['an unclosed object', 'var a = {\n  b: 1\n'],
  ['a missing value', 'param a string =\n'],
  ['a stray word', 'resource a \'T@1\' = nonsense {\n}\n'],
  ['two properties on one line without a comma', 'var a = {\n  b: 1 c: 2\n}\n'],
  ['two items on one line without a comma', 'var a = [\n  1 2\n]\n'],
]) {
  test(`The check refuses ${what}`, () => assert.notDeepEqual(faults(parse(text)), []));
}
