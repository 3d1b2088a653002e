// Failures: each the client's own error class, and never an answer that looks complete.
import Anthropic from '@anthropic-ai/sdk';
import assert from 'node:assert/strict';
import test from 'node:test';
import { model, overWire, providerCalls, unique } from '../router.mjs';
import { createClient } from './client.mjs';

const ask = (slug, text = 'Hello, are you there, and will you stay until the end of this?', more = {}) =>
  ({ model: slug.includes('/') ? slug : model(slug), max_tokens: 100, messages: [{ role: 'user', content: text }], ...more });
const typeOf = (error) => error.error?.error?.type;

test('a wrong key is an AuthenticationError, at once', async () => {
  const { client, requests } = createClient({ apiKey: 'sk-wrong-0123456789abcdef' });
  await assert.rejects(client.messages.create(ask('echo')), (error) => {
    assert.ok(error instanceof Anthropic.AuthenticationError);
    assert.equal(typeOf(error), 'authentication_error');
    return true;
  });
  assert.equal(requests.length, 1);
});

test('a wrong field is a BadRequestError that names it, without calling the provider', async () => {
  const { client, requests } = createClient();
  const text = unique('hot');
  await assert.rejects(client.messages.create(ask('echo', text, { temperature: 9 })), (error) => {
    assert.ok(error instanceof Anthropic.BadRequestError);
    assert.equal(typeOf(error), 'invalid_request_error');
    assert.match(error.message, /temperature/);
    return true;
  });
  assert.equal(requests.length, 1);
  if (overWire) assert.equal(await providerCalls(text), 0);
});

test('an unknown model is a BadRequestError, no endpoint for what is asked a NotFoundError', async () => {
  const { client } = createClient();
  await assert.rejects(client.messages.create(ask('nobody/nothing')), Anthropic.BadRequestError);
  await assert.rejects(client.messages.create(ask('echo', 'Hello', { provider: { only: ['hyperbolic'] } })), Anthropic.NotFoundError);
});

for (const stream of [false, true]) {
  test(`a rate limit is a RateLimitError (stream: ${stream})`, async () => {
    const { client, requests } = createClient({ maxRetries: 0 });
    await assert.rejects(client.messages.create(ask('error-429', unique('too much'), { stream })), (error) => {
      assert.ok(error instanceof Anthropic.RateLimitError);
      assert.equal(typeOf(error), 'rate_limit_error');
      assert.ok(Number(error.headers.get('retry-after')) >= 1);
      return true;
    });
    assert.equal(requests.length, 1);
  });
}

for (const fault of ['midstream-error', 'truncated']) {
  test(`${fault}: a stream throws after its first tokens, once, and never looks complete`, async () => {
    const { client, requests } = createClient();
    const text = unique('Hello, are you there, and will you stay until the very end of what I have to say?');
    let said = '';
    const types = [];
    const stream = await client.messages.create(ask(fault, text, { stream: true }));
    await assert.rejects(async () => {
      for await (const event of stream) {
        types.push(event.type);
        said += event.delta?.text ?? '';
      }
    }, Anthropic.APIError);

    assert.ok(said.length > 0, 'something was said before');
    assert.ok(text.startsWith(said) && said.length < text.length);
    assert.ok(!types.includes('message_stop') && !types.includes('message_delta'));
    assert.equal(requests.length, 1);
    if (overWire) assert.equal(await providerCalls(text), 1);
  });

  test(`${fault}: the stream helper rejects`, async () => {
    const { client } = createClient();
    await assert.rejects(client.messages.stream(ask(fault)).finalMessage(), Anthropic.AnthropicError);
  });

  test(`${fault}: without a stream it is an error of the server`, async () => {
    const { client, requests } = createClient({ maxRetries: 0 });
    await assert.rejects(client.messages.create(ask(fault)), Anthropic.InternalServerError);
    assert.equal(requests.length, 1);
  });
}

test('router options in a header: they hold, and a fault in them is a BadRequestError that names the place', async () => {
  const { client } = createClient({ defaultHeaders: { 'X-EdgeRouter-Options': JSON.stringify({ models: [model('echo')] }) }, maxRetries: 0 });
  assert.equal((await client.messages.create(ask('error-429', unique('fall back')))).model, model('echo'));

  const wrong = createClient({ defaultHeaders: { 'X-EdgeRouter-Options': '{"provider":{"order":["a",1]}}' } });
  await assert.rejects(wrong.client.messages.create(ask('echo')), (error) => {
    assert.ok(error instanceof Anthropic.BadRequestError);
    assert.match(error.message, /X-EdgeRouter-Options\.provider\.order\[1\]/);
    return true;
  });
});
