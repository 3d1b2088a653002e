// Messages whole and streamed: text, ids, usage with cost, stop reasons, helpers, and a caller who leaves.
import Anthropic from '@anthropic-ai/sdk';
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually, inferenceKey, model, overWire, providerCalls, providerHangups, stopsWhenLeft, unique } from '../router.mjs';
import { checkUsage, collect, createClient, textOf } from './client.mjs';

const ask = (text, more = {}) => ({ model: model('echo'), max_tokens: 1024, messages: [{ role: 'user', content: text }], ...more });

test('a whole answer has text, id, usage and cost, after one call', async () => {
  const { client, requests } = createClient();
  const text = unique('Say "übergrößenträger" – 日本語 🎉, then a\nline.');
  const { data, response } = await client.messages.create(ask(text, { system: 'Repeat.', temperature: 0.5 })).withResponse();

  assert.equal(textOf(data), text);
  assert.equal(data.type, 'message');
  assert.equal(data.role, 'assistant');
  assert.equal(data.model, model('echo'));
  assert.equal(data.stop_reason, 'end_turn');
  assert.equal(data.stop_sequence, null);
  assert.equal(response.headers.get('x-generation-id'), data.id);
  checkUsage(data.usage);
  assert.ok('cost' in data.usage);
  assert.equal(requests.length, 1);
  assert.match(requests[0].url, /\/v1\/messages$/);
  if (overWire) assert.equal(await providerCalls(text), 1);
});

test('a stream brings the same text in pieces, and usage at its end', async () => {
  const { client, requests } = createClient();
  const text = unique('A longer text, so that it comes in several pieces: übergrößenträger 日本語 🎉.');
  const events = await collect(await client.messages.create(ask(text, { stream: true })));

  const types = events.map(({ type }) => type);
  assert.equal(types[0], 'message_start');
  assert.deepEqual(types.slice(-2), ['message_delta', 'message_stop']);
  const deltas = events.filter(({ type }) => type === 'content_block_delta');
  assert.equal(deltas.map(({ delta }) => delta.text).join(''), text);
  assert.ok(deltas.length > 2, 'it came in several pieces');
  assert.equal(events.at(-2).delta.stop_reason, 'end_turn');
  checkUsage(events.at(-2).usage);
  assert.equal(requests.length, 1);
  if (overWire) assert.equal(await providerCalls(text), 1);
});

test('the stream helper puts the same message together', async () => {
  const { client } = createClient();
  const stream = client.messages.stream(ask('Put me together again.'));
  let seen = '';
  stream.on('text', (delta) => (seen += delta));
  const message = await stream.finalMessage();

  assert.equal(seen, 'Put me together again.');
  assert.equal(textOf(message), 'Put me together again.');
  assert.equal(message.stop_reason, 'end_turn');
  assert.equal(await stream.finalText(), 'Put me together again.');
  checkUsage(message.usage);
});

test('the beta namespace and a bearer token work as well', async () => {
  const { client } = createClient({ apiKey: null, authToken: inferenceKey });
  const message = await client.beta.messages.create(ask('Hello there', { betas: ['context-management-2025-06-27'] }));

  assert.equal(textOf(message), 'Hello there');
});

test('a turn of several messages with blocks and cache markers is carried', async () => {
  const { client } = createClient();
  const message = await client.messages.create({
    model: model('echo'),
    max_tokens: 100,
    system: [{ type: 'text', text: 'Repeat.', cache_control: { type: 'ephemeral' } }],
    messages: [
      { role: 'user', content: 'first' },
      { role: 'assistant', content: [{ type: 'text', text: 'first' }] },
      { role: 'user', content: [{ type: 'text', text: 'the second', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
    ],
    stop_sequences: ['never said'],
    metadata: { user_id: 'someone' },
  });

  assert.equal(textOf(message), 'the second');
});

for (const stream of [false, true]) {
  test(`an answer over max_tokens is cut short and says so (stream: ${stream})`, async () => {
    const { client } = createClient();
    const request = ask('a text of more than four tokens, by any count', { max_tokens: 4 });
    const message = stream ? await client.messages.stream(request).finalMessage() : await client.messages.create(request);

    assert.equal(textOf(message), 'a text of more t');
    assert.equal(message.stop_reason, 'max_tokens');
  });
}

test('leaving a stream ends the call of the provider too', { skip: !stopsWhenLeft && 'the scripted provider answers at once; a provider that goes on is read on' }, async () => {
  const { client } = createClient();
  const text = unique('I will not hear you out, long as your answer may be.');
  const stream = await client.messages.create({ ...ask(text), model: model('stuck'), stream: true });
  for await (const { type } of stream) if (type === 'content_block_delta') break;

  await eventually(async () => (await providerHangups(text)) === 1, 'the router hangs up on the provider');
});

test('aborting before the first token is an abort', { skip: !overWire && 'the scripted provider answers at once' }, async () => {
  const { client } = createClient();
  const text = unique('Never mind.');
  const abort = new AbortController();
  const answer = client.messages.create({ ...ask(text), model: model('stuck') }, { signal: abort.signal });
  const rejected = assert.rejects(answer, Anthropic.APIUserAbortError);
  await eventually(async () => (await providerCalls(text)) === 1, 'the provider is called');
  abort.abort();
  await rejected;
});
