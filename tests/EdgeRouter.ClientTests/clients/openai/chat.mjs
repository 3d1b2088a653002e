// Chat completions whole and streamed: text, ids, usage with cost, finish reasons, helpers, models, and a caller who leaves.
import assert from 'node:assert/strict';
import test from 'node:test';
import { APIUserAbortError } from 'openai';
import { checkUsage, eventually, model, overWire, providerCalls, providerHangups, stopsWhenLeft, unique } from '../router.mjs';
import { collect, createClient, textOf } from './client.mjs';

test('a whole answer has text, ids, usage and cost, after one call', async () => {
  const { client, requests } = createClient();
  const text = unique('Say "übergrößenträger" – 日本語 🎉, then a\nline.');
  const { data, response } = await client.chat.completions.create({
    model: model('echo'),
    messages: [{ role: 'system', content: 'Repeat.' }, { role: 'user', content: text }],
    temperature: 0.5,
    seed: 7,
  }).withResponse();

  assert.equal(data.choices[0].message.content, text);
  assert.equal(data.choices[0].message.role, 'assistant');
  assert.equal(data.choices[0].finish_reason, 'stop');
  assert.equal(data.object, 'chat.completion');
  assert.equal(data.model, model('echo'));
  assert.match(data.id, /^gen-/);
  assert.equal(response.headers.get('x-generation-id'), data.id);
  assert.equal(response.headers.get('x-edgerouter-attempts'), '1');
  checkUsage(data.usage);
  assert.equal(requests.length, 1);
  if (overWire) assert.equal(await providerCalls(text), 1);
});

test('a stream brings the same text in pieces, and usage last', async () => {
  const { client, requests } = createClient();
  const text = unique('A longer text, so that it comes in several pieces: übergrößenträger 日本語 🎉.');
  const chunks = await collect(await client.chat.completions.create({
    model: model('echo'),
    messages: [{ role: 'user', content: text }],
    stream: true,
    stream_options: { include_usage: true },
  }));

  assert.equal(textOf(chunks), text);
  assert.ok(chunks.filter((chunk) => chunk.choices[0]?.delta.content).length > 2, 'it came in several pieces');
  assert.equal(new Set(chunks.map((chunk) => chunk.id)).size, 1);
  assert.match(chunks[0].id, /^gen-/);
  assert.ok(chunks.every((chunk) => chunk.object === 'chat.completion.chunk' && chunk.model === model('echo')));
  assert.deepEqual(chunks.map((chunk) => chunk.choices[0]?.finish_reason).filter(Boolean), ['stop']);
  assert.deepEqual(chunks.at(-1).choices, []);
  checkUsage(chunks.at(-1).usage);
  assert.ok(chunks.slice(0, -1).every((chunk) => !chunk.usage), 'usage comes once');
  assert.equal(requests.length, 1);
  if (overWire) assert.equal(await providerCalls(text), 1);
});

test('usage and cost come without being asked for', async () => {
  const { client } = createClient();
  const chunks = await collect(await client.chat.completions.create({ model: model('echo'), messages: [{ role: 'user', content: 'hi there' }], stream: true }));

  checkUsage(chunks.at(-1).usage);
});

test('the stream helper puts the same completion together', async () => {
  const { client } = createClient();
  const stream = client.chat.completions.stream({ model: model('echo'), messages: [{ role: 'user', content: 'Put me together again.' }] });
  let seen = '';
  stream.on('content', (delta) => (seen += delta));
  const completion = await stream.finalChatCompletion();

  assert.equal(completion.choices[0].message.content, 'Put me together again.');
  assert.equal(seen, 'Put me together again.');
  assert.equal(completion.choices[0].finish_reason, 'stop');
});

test('a turn of several messages is carried', async () => {
  const { client } = createClient();
  const { choices } = await client.chat.completions.create({
    model: model('echo'),
    messages: [
      { role: 'developer', content: 'Repeat.' },
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'first' },
      { role: 'user', content: [{ type: 'text', text: 'the second' }] },
    ],
    stop: ['never said'],
    user: 'someone',
  });

  assert.equal(choices[0].message.content, 'the second');
});

for (const stream of [false, true]) {
  test(`an answer over max_tokens is cut short and says so (stream: ${stream})`, async () => {
    const { client } = createClient();
    const request = { model: model('echo'), messages: [{ role: 'user', content: 'a text of more than four tokens, by any count' }], max_tokens: 4, stream };
    const answer = await client.chat.completions.create(request);
    const { text, reason } = stream
      ? await collect(answer).then((chunks) => ({ text: textOf(chunks), reason: chunks.map((chunk) => chunk.choices[0]?.finish_reason).find(Boolean) }))
      : { text: answer.choices[0].message.content, reason: answer.choices[0].finish_reason };

    assert.equal(text, 'a text of more t');
    assert.equal(reason, 'length');
  });
}

test('models.list pages through every model', async () => {
  const { client } = createClient();
  const ids = [];
  for await (const { id, object } of client.models.list()) ids.push(id);

  assert.ok(ids.includes(model('echo')));
  assert.equal(new Set(ids).size, ids.length);
});

test('leaving a stream ends the call of the provider too', { skip: !stopsWhenLeft && 'the scripted provider answers at once; a provider that goes on is read on' }, async () => {
  const { client, requests } = createClient();
  const text = unique('I will not hear you out, long as your answer may be.');
  const stream = await client.chat.completions.create({ model: model('stuck'), messages: [{ role: 'user', content: text }], stream: true });
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;

  await eventually(async () => (await providerHangups(text)) === 1, 'the router hangs up on the provider');
  assert.equal(requests.length, 1);
});

test('aborting before the first token is an abort, and is not tried again', async () => {
  const { client, requests } = createClient();
  const abort = new AbortController();
  const text = unique('Never mind.');
  const answer = client.chat.completions.create({ model: overWire ? model('stuck') : 'scripted/silent', messages: [{ role: 'user', content: text }] }, { signal: abort.signal });
  const rejected = assert.rejects(answer, APIUserAbortError);
  if (overWire) await eventually(async () => (await providerCalls(text)) === 1, 'the provider is called');
  abort.abort();
  await rejected;

  if (stopsWhenLeft) await eventually(async () => (await providerHangups(text)) === 1, 'the router hangs up on the provider');
  assert.equal(requests.length, 0, 'the client saw no response at all');
});
