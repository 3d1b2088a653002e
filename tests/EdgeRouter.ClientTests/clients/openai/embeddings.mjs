// Embeddings as the client asks for them: it wants base64 unless told otherwise, and decodes it itself.
import assert from 'node:assert/strict';
import test from 'node:test';
import { BadRequestError } from 'openai';
import { model } from '../router.mjs';
import { createClient } from './client.mjs';

const product = (one, other) => one.reduce((sum, number, index) => sum + number * other[index], 0);

test('a batch has a vector for each input, in order, with usage and cost', async () => {
  const { client, requests } = createClient();
  const input = ['the cat sat on the mat', 'stock prices fell sharply today', 'the cat sat on a mat'];
  const { data, response } = await client.embeddings.create({ model: model('embeddings'), input }).withResponse();

  assert.match(requests[0].body, /"encoding_format":"base64"/, 'the client asks for base64 by itself');
  assert.equal(data.object, 'list');
  assert.equal(data.model, model('embeddings'));
  assert.equal(response.headers.get('x-generation-id'), data.id);
  assert.deepEqual(data.data.map(({ index, object }) => [index, object]), [[0, 'embedding'], [1, 'embedding'], [2, 'embedding']]);
  const vectors = data.data.map(({ embedding }) => embedding);
  assert.ok(vectors.every((vector) => Array.isArray(vector) && vector.length === 64 && Math.abs(product(vector, vector) - 1) < 1e-5));
  assert.ok(product(vectors[0], vectors[2]) > product(vectors[0], vectors[1]) + 0.3, 'texts with words in common are near');
  assert.equal(data.usage.total_tokens, data.usage.prompt_tokens);
  assert.ok(Math.abs(data.usage.cost - data.usage.prompt_tokens * 0.000001) < 1e-9);
  assert.equal(requests.length, 1);
});

test('float and base64 give the same numbers, of the length asked for', async () => {
  const { client } = createClient();
  const ask = async (more) => (await client.embeddings.create({ model: model('embeddings'), input: 'some words', dimensions: 16, ...more })).data[0].embedding;
  const [byDefault, floats, base64] = [await ask({}), await ask({ encoding_format: 'float' }), await ask({ encoding_format: 'base64' })];

  assert.equal(floats.length, 16);
  // As text they are the shortest that reads back as the same 32-bit float.
  assert.deepEqual(floats.map(Math.fround), byDefault);
  assert.equal(typeof base64, 'string');
  assert.deepEqual([...new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer)], byDefault);
});

test('token ids are taken', async () => {
  const { client } = createClient();
  const { data } = await client.embeddings.create({ model: model('embeddings'), input: [[1, 2, 3], [4]] });

  assert.equal(data.length, 2);
});

test('a bad request names its member', async () => {
  const { client } = createClient({ maxRetries: 0 });

  await assert.rejects(client.embeddings.create({ model: model('embeddings'), input: ['a', ''] }), (error) => {
    assert.ok(error instanceof BadRequestError);
    assert.equal(error.param, 'input[1]');
    return true;
  });
});
