// Models in Anthropic's shape: listed page by page, and one by one.
import Anthropic from '@anthropic-ai/sdk';
import assert from 'node:assert/strict';
import test from 'node:test';
import { model } from '../router.mjs';
import { createClient } from './client.mjs';

test('the list has every model once, over several pages', async () => {
  const { client, requests } = createClient();
  const ids = [];
  for await (const listed of client.models.list({ limit: 25 })) {
    assert.equal(listed.type, 'model');
    assert.ok(listed.display_name.length > 0 && !Number.isNaN(Date.parse(listed.created_at)), listed.id);
    ids.push(listed.id);
  }
  assert.ok(ids.length > 40, `${ids.length} models`);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(requests.length, Math.ceil(ids.length / 25));
  assert.ok(ids.includes(model('echo')));
});

test('pages lead backwards too', async () => {
  const { client } = createClient();
  const first = await client.models.list({ limit: 10 });
  const back = await client.models.list({ limit: 5, before_id: first.last_id });
  assert.deepEqual(back.data.map(({ id }) => id), first.data.slice(4, 9).map(({ id }) => id));
});

test('a model is retrieved by its id and by the name that the client has built in', async () => {
  const { client } = createClient();
  assert.equal((await client.models.retrieve(model('echo'))).id, model('echo'));
  const sonnet = await client.models.retrieve('claude-sonnet-4-5-20250929');
  assert.equal(sonnet.id, 'anthropic/claude-sonnet-4.5');
  assert.ok(sonnet.max_input_tokens > 0);
});

test('an unknown model is a NotFoundError', async () => {
  const { client } = createClient();
  await assert.rejects(client.models.retrieve('nobody/nothing'), (error) => {
    assert.ok(error instanceof Anthropic.NotFoundError);
    assert.equal(error.error?.error?.type, 'not_found_error');
    return true;
  });
});
