// Failures: the client's own error class with the status, and never an answer that looks complete.
import { ApiError } from '@google/genai';
import assert from 'node:assert/strict';
import test from 'node:test';
import { model, overWire, providerCalls, unique } from '../router.mjs';
import { createClient, textOf } from './client.mjs';

const ask = (slug, text = 'Hello, are you there, and will you stay until the end of this?', config = {}) =>
  ({ model: slug.includes('/') ? slug : model(slug), contents: text, config });
const isError = (status, word, pattern = /./) => (error) => {
  assert.ok(error instanceof ApiError, `${error}`);
  assert.equal(error.status, status);
  assert.ok(error.message.includes(`"status":"${word}"`), error.message);
  assert.match(error.message, pattern);
  return true;
};

test('a wrong key is told at once', async () => {
  const { client, requests } = createClient({ apiKey: 'sk-wrong-0123456789abcdef' });
  await assert.rejects(client.models.generateContent(ask('echo')), isError(401, 'UNAUTHENTICATED'));
  assert.equal(requests.length, 1);
});

test('a wrong field is named, without calling the provider', async () => {
  const { client, requests } = createClient();
  const text = unique('hot');
  await assert.rejects(client.models.generateContent(ask('echo', text, { temperature: 9 })), isError(400, 'INVALID_ARGUMENT', /generationConfig\.temperature/));
  assert.equal(requests.length, 1);
  if (overWire) assert.equal(await providerCalls(text), 0);
});

test('an unknown model and a tool that no provider has are explained', async () => {
  const { client } = createClient();
  await assert.rejects(client.models.generateContent(ask('nobody/nothing')), isError(400, 'INVALID_ARGUMENT', /nobody\/nothing/));
  const tools = [{ googleSearch: {} }, { functionDeclarations: [{ name: 'f' }] }];
  if (model('') !== 'gemini/')
    await assert.rejects(client.models.generateContent(ask('tools', 'Hello', { tools })), isError(404, 'NOT_FOUND', /googleSearch/));
});

for (const stream of [false, true]) {
  test(`a rate limit is told with its delay (stream: ${stream})`, async () => {
    const { client, requests } = createClient();
    const method = stream ? 'generateContentStream' : 'generateContent';
    await assert.rejects(client.models[method](ask('error-429', unique('too much'))), isError(429, 'RESOURCE_EXHAUSTED', /"retryDelay":"\d+s"/));
    assert.equal(requests.length, 1);
  });
}

for (const fault of ['midstream-error', 'truncated']) {
  test(`${fault}: a stream throws after its first tokens, and never looks complete`, async () => {
    const { client, requests } = createClient();
    const text = unique('Hello, are you there, and will you stay until the very end of what I have to say?');
    let said = '';
    const reasons = [];
    const stream = await client.models.generateContentStream(ask(fault, text));
    await assert.rejects(async () => {
      for await (const piece of stream) {
        said += textOf(piece);
        reasons.push(piece.candidates[0].finishReason);
      }
    }, ApiError);

    assert.ok(said.length > 0, 'something was said before');
    assert.ok(text.startsWith(said) && said.length < text.length);
    assert.ok(reasons.every((reason) => reason === undefined));
    assert.equal(requests.length, 1);
    if (overWire) assert.equal(await providerCalls(text), 1);
  });

  test(`${fault}: without a stream it is an error of the server`, async () => {
    const { client, requests } = createClient();
    await assert.rejects(client.models.generateContent(ask(fault)), (error) => error instanceof ApiError && error.status >= 500);
    assert.equal(requests.length, 1);
  });
}
