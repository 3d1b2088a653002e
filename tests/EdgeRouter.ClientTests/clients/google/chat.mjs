// Text whole and streamed: ids, usage with cost, finish reasons, chats, and a caller who leaves.
import assert from 'node:assert/strict';
import test from 'node:test';
import { baseURL, eventually, model, overWire, providerCalls, providerHangups, stopsWhenLeft, unique } from '../router.mjs';
import { checkUsage, collect, createClient, last, textOf } from './client.mjs';

const ask = (text, config = {}) => ({ model: model('echo'), contents: text, config });

test('a whole answer has text, id, usage and cost, after one call', async () => {
  const { client, requests } = createClient();
  const text = unique('Say "übergrößenträger" – 日本語 🎉, then a\nline.');
  const answer = await client.models.generateContent(ask(text, { systemInstruction: 'Repeat.', temperature: 0.5, maxOutputTokens: 1024 }));

  assert.equal(answer.text, text);
  assert.equal(answer.candidates.length, 1);
  assert.equal(answer.candidates[0].content.role, 'model');
  assert.equal(answer.candidates[0].finishReason, 'STOP');
  assert.equal(answer.modelVersion, model('echo'));
  assert.equal(requests[0].headers.get('x-generation-id'), answer.responseId);
  checkUsage(answer.usageMetadata);
  assert.equal(requests.length, 1);
  assert.match(requests[0].url, /\/v1beta\/models\/[^/]+\/echo:generateContent$/);
  if (overWire) assert.equal(await providerCalls(text), 1);
});

test('a stream brings the same text in pieces, and reason and usage at its end', async () => {
  const { client, requests } = createClient();
  const text = unique('A longer text, so that it comes in several pieces: übergrößenträger 日本語 🎉.');
  const pieces = await collect(await client.models.generateContentStream(ask(text)));

  assert.equal(textOf(pieces), text);
  assert.ok(pieces.length > 2, 'it came in several pieces');
  assert.ok(pieces.slice(0, -1).every(({ candidates }) => candidates[0].finishReason === undefined));
  assert.equal(last(pieces).candidates[0].finishReason, 'STOP');
  checkUsage(last(pieces).usageMetadata);
  assert.match(requests[0].url, /:streamGenerateContent\?alt=sse$/);
  if (overWire) assert.equal(await providerCalls(text), 1);
});

test('every base URL works, and the environment names one too', async () => {
  const root = baseURL.replace(/\/api\/v1$/, '');
  for (const options of [{ root: `${root}/` }, { root: `${root}/api` }, { root: `${root}/v1` }, { root: baseURL }, { apiVersion: 'v1' }]) {
    const { client } = createClient(options);
    assert.equal((await client.models.generateContent(ask('Hello there'))).text, 'Hello there', JSON.stringify(options));
  }
  process.env.GOOGLE_GEMINI_BASE_URL = root;
  const { client } = createClient({ httpOptions: undefined });
  delete process.env.GOOGLE_GEMINI_BASE_URL;
  assert.equal((await client.models.generateContent(ask('Hello there'))).text, 'Hello there');
});

for (const stream of [false, true]) {
  test(`a chat keeps its turns (stream: ${stream})`, async () => {
    const { client } = createClient();
    const chat = client.chats.create({ model: model('echo'), history: [{ role: 'user', parts: [{ text: 'first' }] }, { role: 'model', parts: [{ text: 'first' }] }] });
    const send = async (message) => textOf(stream ? await collect(await chat.sendMessageStream({ message })) : await chat.sendMessage({ message }));

    assert.equal(await send('the second, which is long enough for several pieces'), 'the second, which is long enough for several pieces');
    assert.equal(await send('the third'), 'the third');
    assert.ok(chat.getHistory(true).length >= 6);
  });

  test(`an answer over maxOutputTokens is cut short and says so (stream: ${stream})`, async () => {
    const { client } = createClient();
    const request = ask('a text of more than four tokens, by any count', { maxOutputTokens: 4 });
    const answer = stream ? await collect(await client.models.generateContentStream(request)) : await client.models.generateContent(request);

    assert.equal(textOf(answer), 'a text of more t');
    assert.equal(last(answer).candidates[0].finishReason, 'MAX_TOKENS');
  });
}

test('leaving a stream ends the call of the provider too', { skip: !stopsWhenLeft && 'the scripted provider answers at once; a provider that goes on is read on' }, async () => {
  const { client } = createClient();
  const text = unique('I will not hear you out, long as your answer may be.');
  const abort = new AbortController();
  const stream = await client.models.generateContentStream({ ...ask(text, { abortSignal: abort.signal }), model: model('stuck') });
  await assert.rejects(async () => {
    for await (const piece of stream) if (textOf(piece)) abort.abort();
  });

  await eventually(async () => (await providerHangups(text)) === 1, 'the router hangs up on the provider');
});

test('aborting before the first token is an abort', { skip: !overWire && 'the scripted provider answers at once' }, async () => {
  const { client } = createClient();
  const text = unique('Never mind.');
  const abort = new AbortController();
  const answer = client.models.generateContent({ ...ask(text, { abortSignal: abort.signal }), model: model('stuck') });
  const rejected = assert.rejects(answer, { name: 'AbortError' });
  await eventually(async () => (await providerCalls(text)) === 1, 'the provider is called');
  abort.abort();
  await rejected;
});
