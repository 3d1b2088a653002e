// Failures: each the client's own error class, and in a stream a chunk with an `error` and nothing that looks like an end.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as errors from '@openrouter/sdk/models/errors';
import { model, overWire, unique, providerCalls } from '../router.mjs';
import { collect, createClient, finishReasonsOf, send, textOf } from './client.mjs';

const hello = [{ role: 'user', content: 'Hello, are you there, and will you stay until the end of this?' }];
const once = { retries: { strategy: 'none' } };

async function rejects(promise, type, status) {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof type, `${error.name}: ${error.message}`);
    assert.equal(error.statusCode, status);
    assert.equal(error.error.code, status);
    assert.ok(error.error.message.length > 0);
    return true;
  });
}

test('a wrong key is an UnauthorizedResponseError', async () => {
  const { client, statuses } = createClient({ apiKey: 'sk-wrong-0123456789abcdef' });
  await rejects(send(client, { model: model('echo'), messages: hello }), errors.UnauthorizedResponseError, 401);
  assert.deepEqual(statuses, [401]);
});

test('a wrong value and an unknown model are BadRequestResponseErrors', async () => {
  const { client, statuses } = createClient();
  await rejects(send(client, { model: model('echo'), messages: hello, temperature: 9 }), errors.BadRequestResponseError, 400);
  await rejects(send(client, { model: 'nobody/nothing', messages: hello, stream: true }), errors.BadRequestResponseError, 400);
  await rejects(send(client, { model: model('echo'), messages: hello, provider: { ignore: ['no-such-provider'] } }), errors.BadRequestResponseError, 400);
  assert.deepEqual(statuses, [400, 400, 400]);
});

test('no endpoint for what is asked, an unknown model and an unknown generation are NotFoundResponseErrors', async () => {
  const { client } = createClient();
  await rejects(send(client, { model: model('echo'), messages: hello, provider: { only: ['hyperbolic'] } }), errors.NotFoundResponseError, 404);
  await rejects(client.models.get({ author: 'nobody', slug: 'nothing' }), errors.NotFoundResponseError, 404);
  await rejects(client.endpoints.list({ author: 'nobody', slug: 'nothing' }), errors.NotFoundResponseError, 404);
  await rejects(client.generations.getGeneration({ id: 'gen-1760000000-AAAAAAAAAAAAAAAAAAAA' }), errors.NotFoundResponseError, 404);
});

test('the credits are for the management key only', async () => {
  const { client } = createClient();
  await rejects(client.credits.getCredits(undefined, once), errors.ForbiddenResponseError, 403);
});

for (const stream of [false, true]) {
  test(`a rate limit is a TooManyRequestsResponseError, after one call and one more at most, when the provider said (stream: ${stream})`, async () => {
    const { client, statuses } = createClient();
    const text = unique('too much');
    await rejects(send(client, { model: model('error-429'), messages: [{ role: 'user', content: text }], stream }), errors.TooManyRequestsResponseError, 429);
    assert.deepEqual(statuses, [429]);
    // None while the provider's last 429 asks to wait: the caller is told the same.
    if (overWire) assert.ok((await providerCalls(text)) <= 2);
  });
}

for (const fault of ['midstream-error', 'truncated']) {
  test(`${fault}: the stream ends in a typed error chunk`, async () => {
    const { client, statuses } = createClient();
    const text = unique('Hello, are you there, and will you stay until the very end of what I have to say?');
    const chunks = await collect(await send(client, { model: model(fault), messages: [{ role: 'user', content: text }], stream: true }));

    const said = textOf(chunks);
    assert.ok(said.length > 0 && text.startsWith(said) && said.length < text.length);
    assert.deepEqual(finishReasonsOf(chunks), ['error']);
    const broken = chunks.filter((chunk) => chunk.error);
    assert.equal(broken.length, 1);
    assert.ok(broken[0].error.code >= 500);
    assert.ok(broken[0].error.message.length > 0);
    assert.ok(broken[0].error.metadata.errorType);
    assert.deepEqual(statuses, [200]);
    if (overWire) assert.equal(await providerCalls(text), 1);

    // What was consumed is on record, as a failure.
    const { data } = await client.generations.getGeneration({ id: chunks[0].id });
    assert.equal(data.finishReason, 'error');
  });

  test(`${fault}: without a stream it is a server's error`, async () => {
    const { client, statuses } = createClient();
    await assert.rejects(send(client, { model: model(fault), messages: hello }, once), (error) => {
      assert.ok(error instanceof errors.OpenRouterError, `${error.name}: ${error.message}`);
      assert.ok(error.statusCode >= 500);
      assert.ok(!(error instanceof errors.ResponseValidationError), error.message);
      return true;
    });
    assert.equal(statuses.length, 1);
  });
}
