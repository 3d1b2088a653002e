// Models: listed, and one by one under every name.
import OpenAI from 'openai';
import assert from 'node:assert/strict';
import test from 'node:test';
import { dialect, model } from '../router.mjs';
import { createClient } from './client.mjs';

test('the list has every model with the members of OpenAI', async () => {
  const { client } = createClient();
  const models = [];
  for await (const listed of client.models.list()) models.push(listed);
  assert.ok(models.length > 40, `${models.length} models`);
  for (const listed of models) assert.deepEqual([listed.object, typeof listed.created, listed.owned_by], ['model', 'number', listed.id.split('/')[0]]);
  assert.ok(models.some(({ id }) => id === model('echo')));
});

test('a model is retrieved by its id, and the answer to a name without author names it', async () => {
  const { client, requests } = createClient();
  const retrieved = await client.models.retrieve(model('echo'));
  assert.deepEqual([retrieved.id, retrieved.object, retrieved.owned_by], [model('echo'), 'model', dialect]);
  assert.ok(requests[0].url.endsWith(`${dialect}%2Fecho`), requests[0].url);

  // gpt-4o is in the built-in catalog, at the provider under test.
  assert.equal((await client.models.retrieve('gpt-4o')).id, 'openai/gpt-4o');
  assert.equal((await client.models.retrieve('claude-sonnet-4-5-20250929')).id, 'anthropic/claude-sonnet-4.5');
});

test('an unknown model is a NotFoundError that says what may be meant', async () => {
  const { client } = createClient();
  await assert.rejects(client.models.retrieve('gpt-4oo'), (error) => {
    assert.ok(error instanceof OpenAI.NotFoundError);
    assert.match(error.message, /did you mean openai\/gpt-4o/);
    return true;
  });
});
