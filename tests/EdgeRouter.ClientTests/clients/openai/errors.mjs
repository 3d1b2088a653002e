// Failures: each the client's own error class, called no more often than the client's rules say, and never an answer that looks complete.
import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI from 'openai';
import { model, overWire, unique, providerCalls } from '../router.mjs';
import { createClient } from './client.mjs';

const hello = [{ role: 'user', content: 'Hello, are you there, and will you stay until the end of this?' }];

test('a wrong key is an AuthenticationError, at once', async () => {
  const { client, requests } = createClient({ apiKey: 'sk-wrong-0123456789abcdef' });
  await assert.rejects(client.chat.completions.create({ model: model('echo'), messages: hello }), (error) => {
    assert.ok(error instanceof OpenAI.AuthenticationError);
    assert.equal(error.status, 401);
    assert.equal(error.error.code, 401);
    return true;
  });
  assert.equal(requests.length, 1);
});

test('a wrong field is a BadRequestError that names it, at once and without calling the provider', async () => {
  const { client, requests } = createClient();
  const text = unique('hot');
  await assert.rejects(client.chat.completions.create({ model: model('echo'), messages: [{ role: 'user', content: text }], temperature: 9 }), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.status, 400);
    assert.match(error.message, /temperature/);
    return true;
  });
  assert.equal(requests.length, 1);
  if (overWire) assert.equal(await providerCalls(text), 0);
});

test('an unknown model is a BadRequestError, an unknown route a NotFoundError', async () => {
  const { client, requests } = createClient();
  await assert.rejects(client.chat.completions.create({ model: 'nobody/nothing', messages: hello }), OpenAI.BadRequestError);
  await assert.rejects(client.post('/no/such/route', { body: {} }), OpenAI.NotFoundError);
  assert.equal(requests.length, 2);
});

test('no endpoint for what is asked is a NotFoundError', async () => {
  const { client, requests } = createClient();
  await assert.rejects(client.chat.completions.create({ model: model('echo'), messages: hello, provider: { only: ['hyperbolic'] } }), OpenAI.NotFoundError);
  assert.equal(requests.length, 1);
});

for (const stream of [false, true]) {
  test(`a rate limit is a RateLimitError; the router itself tries once more at most, when the provider said (stream: ${stream})`, async () => {
    const { client, requests } = createClient({ maxRetries: 0 });
    const text = unique('too much');
    await assert.rejects(client.chat.completions.create({ model: model('error-429'), messages: [{ role: 'user', content: text }], stream }), (error) => {
      assert.ok(error instanceof OpenAI.RateLimitError);
      assert.equal(error.status, 429);
      assert.ok(Number(error.headers.get('retry-after')) >= 1);
      return true;
    });
    assert.equal(requests.length, 1);
    // None while the provider's last 429 asks to wait: the caller is told the same.
    if (overWire) assert.ok((await providerCalls(text)) <= 2);
  });
}

test("the client's own retries are the only ones: three requests, three calls", async () => {
  const { client, requests } = createClient();
  const text = unique('try again');
  await assert.rejects(client.chat.completions.create({ model: model('midstream-error'), messages: [{ role: 'user', content: text }] }), OpenAI.InternalServerError);

  assert.equal(requests.length, 3);
  assert.deepEqual([...new Set(requests.map(({ body }) => body))].length, 1, 'the same request each time');
  if (overWire) assert.equal(await providerCalls(text), 3);
});

test("the client's own retries are the only ones: three requests, three calls", async () => {
  const { client, requests } = createClient();
  const text = unique('try again');
  await assert.rejects(client.chat.completions.create({ model: model('midstream-error'), messages: [{ role: 'user', content: text }] }), OpenAI.InternalServerError);

  assert.equal(requests.length, 3);
  assert.equal(new Set(requests.map(({ body }) => body)).size, 1, 'the same request each time');
  if (overWire) assert.equal(await providerCalls(text), 3);
});

// The client throws on a chunk with an `error`; a stream that merely ends has to end without its last words.
for (const fault of ['midstream-error', 'truncated']) {
  test(`${fault}: a stream throws after its first tokens, once, and is not called again`, async () => {
    const { client, requests } = createClient();
    const text = unique('Hello, are you there, and will you stay until the very end of what I have to say?');
    let said = '';
    const reasons = [];
    const stream = await client.chat.completions.create({ model: model(fault), messages: [{ role: 'user', content: text }], stream: true });
    await assert.rejects(
      async () => {
        for await (const chunk of stream) {
          said += chunk.choices[0]?.delta.content ?? '';
          if (chunk.choices[0]?.finish_reason) reasons.push(chunk.choices[0].finish_reason);
        }
      },
      (error) => {
        assert.ok(error instanceof OpenAI.APIError, String(error));
        assert.ok(error.error?.code >= 500 || error.code >= 500, JSON.stringify(error));
        return true;
      },
    );
    assert.ok(said.length > 0, 'something was said before');
    assert.ok(text.startsWith(said) && said.length < text.length);
    assert.ok(!reasons.includes('stop'));
    assert.equal(requests.length, 1);
    if (overWire) assert.equal(await providerCalls(text), 1);
  });

  test(`${fault}: the stream helper rejects`, async () => {
    const { client } = createClient();
    const stream = client.chat.completions.stream({ model: model(fault), messages: hello });
    await assert.rejects(stream.finalChatCompletion(), OpenAI.OpenAIError);
  });

  test(`${fault}: without a stream it is an error of the server`, async () => {
    const { client, requests } = createClient({ maxRetries: 0 });
    await assert.rejects(client.chat.completions.create({ model: model(fault), messages: hello }), OpenAI.InternalServerError);
    assert.equal(requests.length, 1);
  });
}

test('router options in a header: they hold, and a fault in them is a BadRequestError that names the place', async () => {
  const { client } = createClient({ defaultHeaders: { 'X-EdgeRouter-Options': JSON.stringify({ models: [model('echo')], provider: { allow_fallbacks: true } }) } });
  const answer = await client.chat.completions.create({ model: model('error-429'), messages: [{ role: 'user', content: unique('fall back') }] }, { maxRetries: 0 });
  assert.equal(answer.model, model('echo'));

  const wrong = createClient({ defaultHeaders: { 'X-EdgeRouter-Options': '{"provider":{"order":["a",1]}}' } });
  await assert.rejects(wrong.client.chat.completions.create({ model: model('echo'), messages: hello }), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.match(error.message, /X-EdgeRouter-Options\.provider\.order\[1\]/);
    return true;
  });
});
