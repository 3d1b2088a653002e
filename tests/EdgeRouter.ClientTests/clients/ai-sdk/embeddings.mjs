// Embeddings of the AI SDK over OpenRouter's provider for it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createOpenRouter } from '@openrouter/ai-sdk-provider';
import { cosineSimilarity, embedMany } from 'ai';
import { baseURL, inferenceKey, model } from '../router.mjs';

test('embedMany: a vector for each value', async () => {
  const openrouter = createOpenRouter({ baseURL, apiKey: inferenceKey });
  const values = ['a red apple', 'a red apple pie', 'tax law'];
  const { embeddings, usage } = await embedMany({ model: openrouter.textEmbeddingModel(model('embeddings')), values });

  assert.equal(embeddings.length, 3);
  assert.ok(cosineSimilarity(embeddings[0], embeddings[1]) > cosineSimilarity(embeddings[0], embeddings[2]));
  assert.ok(usage.tokens > 0);
});
