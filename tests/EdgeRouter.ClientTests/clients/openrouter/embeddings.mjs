// Embeddings and the list of their models, checked by the client's own schemas.
import assert from 'node:assert/strict';
import test from 'node:test';
import { model } from '../router.mjs';
import { createClient } from './client.mjs';

for (const encodingFormat of ['float', 'base64']) {
  test(`embeddings.generate answers in ${encodingFormat}`, async () => {
    const { client } = createClient();
    const answer = await client.embeddings.generate({
      requestBody: {
        model: model('embeddings'),
        input: [{ content: [{ type: 'text', text: 'one' }] }, { content: [{ type: 'text', text: 'two' }] }],
        inputType: 'search_query',
        dimensions: 8,
        encodingFormat,
      },
    });

    assert.deepEqual(answer.data.map(({ index }) => index), [0, 1]);
    assert.ok(answer.data.every(({ embedding }) => (encodingFormat === 'float' ? embedding.length === 8 : typeof embedding === 'string')));
    assert.ok(answer.usage.cost > 0);
    assert.equal(answer.usage.totalTokens, answer.usage.promptTokens);
  });
}

test('embeddings.listModels lists models for embeddings only', async () => {
  const { client } = createClient();
  const page = await client.embeddings.listModels();
  const { data } = page.result ?? page;

  assert.ok(data.some(({ id }) => id === model('embeddings')));
  assert.ok(data.every(({ architecture }) => architecture.outputModalities.includes('embeddings')));
});
