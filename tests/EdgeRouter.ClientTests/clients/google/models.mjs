// The models as the client lists and retrieves them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { model } from '../router.mjs';
import { createClient } from './client.mjs';

test('the pager lists every model once', async () => {
  const { client } = createClient();
  const names = [];
  for await (const { name } of await client.models.list({ config: { pageSize: 20 } })) names.push(name);

  assert.ok(names.includes(`models/${model('echo')}`));
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.length > 20, 'it came in several pages');
});

test('a model has its limits and methods', async () => {
  const { client } = createClient();
  const found = await client.models.get({ model: model('echo') });

  assert.equal(found.name, `models/${model('echo')}`);
  assert.deepEqual(found.supportedActions, ['generateContent', 'streamGenerateContent']);
  assert.ok(found.inputTokenLimit > 0);
});
