// Counting tokens without sending the request.
import Anthropic from '@anthropic-ai/sdk';
import assert from 'node:assert/strict';
import test from 'node:test';
import { model } from '../router.mjs';
import { createClient } from './client.mjs';

const tools = [{ name: 'clock', description: 'Tells the time in a city', input_schema: { type: 'object', properties: { city: { type: 'string' } } } }];
const count = async (client, content, more = {}) =>
  (await client.messages.countTokens({ model: model('echo'), messages: [{ role: 'user', content }], ...more })).input_tokens;

test('more text has more tokens, and so have a system prompt and tools', async () => {
  const { client, requests } = createClient();
  const short = await count(client, 'Hello');
  assert.ok(short > 0);
  assert.ok(await count(client, 'Hello '.repeat(200)) > short + 150);
  assert.ok(await count(client, 'Hello', { system: 'Be brief, and be kind.' }) > short);
  assert.ok(await count(client, 'Hello', { tools }) > short);
  for (const { headers } of requests) assert.match(headers.get('x-edgerouter-token-count'), /^(measured|counted)$/);
});

test('a wrong request is the error class of any other', async () => {
  const { client } = createClient();
  await assert.rejects(client.messages.countTokens({ model: 'nobody/nothing', messages: [{ role: 'user', content: 'Hi' }] }), Anthropic.BadRequestError);
});
