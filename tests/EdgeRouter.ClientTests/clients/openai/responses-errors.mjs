// Failures of Responses: each the client's own error class, and never an answer that looks complete.
import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI from 'openai';
import { dialect, model, overWire, providerCalls, unique } from '../router.mjs';
import { createClient } from './client.mjs';

test('a wrong key is an AuthenticationError', async () => {
  const { client } = createClient({ apiKey: 'sk-wrong-0123456789abcdef' });
  await assert.rejects(client.responses.create({ model: model('echo'), input: 'Hi' }), OpenAI.AuthenticationError);
});

for (const [field, members] of [
  ['temperature', { temperature: 9 }],
  ['previous_response_id', { previous_response_id: 'resp_1' }],
  ['store', { store: true }],
  ['input[0].content[0].type', { input: [{ role: 'user', content: [{ type: 'sound' }] }] }],
]) {
  test(`${field} is refused by its name, without calling the provider`, async () => {
    const { client, requests } = createClient();
    const text = unique('refused');
    await assert.rejects(client.responses.create({ model: model('echo'), input: text, ...members }), (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.equal(error.param, field);
      return true;
    });
    assert.equal(requests.length, 1);
    if (overWire) assert.equal(await providerCalls(text), 0);
  });
}

test('a hosted tool that no provider has is a NotFoundError', { skip: dialect === 'openai-responses' && 'this one may have it' }, async () => {
  const { client } = createClient();
  await assert.rejects(client.responses.create({ model: model('echo'), input: 'Hi', tools: [{ type: 'web_search' }] }), OpenAI.NotFoundError);
});

for (const stream of [false, true]) {
  test(`a rate limit is a RateLimitError (stream: ${stream})`, async () => {
    const { client, requests } = createClient({ maxRetries: 0 });
    await assert.rejects(client.responses.create({ model: model('error-429'), input: unique('too much'), stream }), OpenAI.RateLimitError);
    assert.equal(requests.length, 1);
  });
}

for (const fault of ['midstream-error', 'truncated']) {
  test(`${fault}: a stream throws after its first tokens, and is not called again`, async () => {
    const { client, requests } = createClient();
    const text = unique('Hello, are you there, and will you stay until the very end of what I have to say?');
    let said = '';
    const stream = await client.responses.create({ model: model(fault), input: text, stream: true });
    await assert.rejects(
      async () => {
        for await (const event of stream) {
          assert.notEqual(event.type, 'response.completed');
          if (event.type === 'response.output_text.delta') said += event.delta;
        }
      },
      (error) => {
        assert.ok(error instanceof OpenAI.APIError, String(error));
        assert.equal(error.code, 'server_error');
        return true;
      },
    );
    assert.ok(said.length > 0 && text.startsWith(said) && said.length < text.length);
    assert.equal(requests.length, 1);
    if (overWire) assert.equal(await providerCalls(text), 1);
  });

  test(`${fault}: the stream helper rejects`, async () => {
    const { client } = createClient();
    await assert.rejects(client.responses.stream({ model: model(fault), input: unique('Hello, and stay until the end of this sentence.') }).finalResponse(), OpenAI.OpenAIError);
  });

  test(`${fault}: without a stream it is an error of the server`, async () => {
    const { client } = createClient({ maxRetries: 0 });
    await assert.rejects(client.responses.create({ model: model(fault), input: unique('Hello') }), OpenAI.InternalServerError);
  });
}
