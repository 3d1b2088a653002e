// Reranking, checked by the client's own schemas.
import assert from 'node:assert/strict';
import test from 'node:test';
import { model } from '../router.mjs';
import { createClient } from './client.mjs';

test('rerank.rerank gives the best documents first', async () => {
  const { client } = createClient();
  const answer = await client.rerank.rerank({
    requestBody: { model: model('rerank'), query: 'what is a cat?', documents: ['stock prices fell', { text: 'what is a cat' }, 'cats and dogs'], topN: 2 },
  });

  assert.deepEqual(answer.results[0].document, { text: 'what is a cat' });
  assert.equal(answer.results[0].index, 1);
  assert.equal(answer.results.length, 2);
  assert.ok(answer.results[0].relevanceScore > answer.results[1].relevanceScore);
  assert.ok(answer.usage.totalTokens > 0 && answer.usage.cost > 0);
});
