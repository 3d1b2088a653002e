// openrouter_metadata, which the client asks for by header and parses as its own type.
import assert from 'node:assert/strict';
import test from 'node:test';
import { model } from '../router.mjs';
import { collect, createClient } from './client.mjs';

const hello = [{ role: 'user', content: 'Who answers this?' }];
const ask = (client, chatRequest, xOpenRouterMetadata = 'enabled') => client.chat.send({ xOpenRouterMetadata, chatRequest: { messages: hello, ...chatRequest } }, { retries: { strategy: 'none' } });

function checkServed(metadata) {
  assert.equal(metadata.requested, model('echo'));
  assert.equal(metadata.strategy, 'direct');
  assert.equal(metadata.attempt, 1);
  assert.equal(metadata.isByok, false);
  assert.equal(typeof metadata.region, 'string');
  assert.match(metadata.summary, /selected=/);
  assert.equal(metadata.endpoints.total, metadata.endpoints.available.length);
  assert.deepEqual(metadata.endpoints.available.map((endpoint) => endpoint.selected), [true]);
  assert.deepEqual(metadata.attempts.map((attempt) => [attempt.model, attempt.status]), [[model('echo'), 200]]);
  assert.equal(metadata.params.additionalProperties.ordering, 'default');
}

test('a whole answer carries it', async () => {
  const { client } = createClient();
  checkServed((await ask(client, { model: model('echo') })).openrouterMetadata);
});

test('the last chunk of a stream carries it', async () => {
  const { client } = createClient();
  const chunks = await collect(await ask(client, { model: model('echo'), stream: true }));

  checkServed(chunks.at(-1).openrouterMetadata);
  assert.equal(chunks.filter((chunk) => chunk.openrouterMetadata).length, 1);
});

test('who does not ask does not get it', async () => {
  const { client } = createClient();
  assert.equal((await ask(client, { model: model('echo') }, 'disabled')).openrouterMetadata, undefined);
});

for (const stream of [false, true]) {
  test(`an error carries it (stream: ${stream})`, async () => {
    const { client } = createClient();
    await assert.rejects(ask(client, { model: model('error-429'), stream }), (error) => {
      assert.equal(error.statusCode, 429);
      const metadata = error.openrouterMetadata;
      assert.equal(metadata.requested, model('error-429'));
      assert.deepEqual(metadata.endpoints.available.map((endpoint) => endpoint.selected), [false]);
      // The only provider may be asked once more, when it said.
      assert.ok(metadata.attempts.length >= 1 && metadata.attempts.length <= 2);
      assert.ok(metadata.attempts.every((attempt) => attempt.status === 429));
      return true;
    });
  });
}
