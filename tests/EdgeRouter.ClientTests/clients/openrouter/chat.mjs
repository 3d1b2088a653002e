// Chat whole and streamed. The client refuses any answer or chunk that is not of OpenRouter's schema, so that to parse is half of the test.
import assert from 'node:assert/strict';
import test from 'node:test';
import { checkCost, model, overWire, unique, providerCalls } from '../router.mjs';
import { checkClientUsage, collect, createClient, finishReasonsOf, send, textOf } from './client.mjs';

test('a whole answer parses, with usage and cost, after one call', async () => {
  const { client, statuses } = createClient();
  const text = unique('Say "übergrößenträger" – 日本語 🎉.');
  const answer = await send(client, { model: model('echo'), messages: [{ role: 'system', content: 'Repeat.' }, { role: 'user', content: text }], temperature: 0.5, seed: 7 });

  assert.equal(answer.choices[0].message.content, text);
  assert.equal(answer.choices[0].finishReason, 'stop');
  assert.equal(answer.model, model('echo'));
  assert.match(answer.id, /^gen-/);
  checkClientUsage(answer.usage);
  const { upstreamInferencePromptCost, upstreamInferenceCompletionsCost } = answer.usage.costDetails;
  assert.ok(Math.abs(upstreamInferencePromptCost + upstreamInferenceCompletionsCost - answer.usage.cost) < 1e-9, 'the cost is the sum of its parts');
  assert.deepEqual(statuses, [200]);
  if (overWire) assert.equal(await providerCalls(text), 1);
});

test('every chunk of a stream parses, and usage comes last and once', async () => {
  const { client, statuses } = createClient();
  const text = unique('A longer text, so that it comes in several pieces: übergrößenträger 日本語 🎉.');
  const chunks = await collect(await send(client, { model: model('echo'), messages: [{ role: 'user', content: text }], stream: true }));

  assert.equal(textOf(chunks), text);
  assert.ok(chunks.filter((chunk) => chunk.choices[0]?.delta.content).length > 2, 'it came in several pieces');
  assert.deepEqual(finishReasonsOf(chunks), ['stop']);
  assert.ok(chunks.every((chunk) => chunk.id === chunks[0].id && chunk.model === model('echo') && !chunk.error));
  assert.equal(chunks.filter((chunk) => chunk.usage).length, 1);
  assert.deepEqual(chunks.at(-1).choices, []);
  checkClientUsage(chunks.at(-1).usage);
  assert.deepEqual(statuses, [200]);
  if (overWire) assert.equal(await providerCalls(text), 1);
});

for (const stream of [false, true]) {
  test(`an answer over the token limit is cut short and says so (stream: ${stream})`, async () => {
    const { client } = createClient();
    const answer = await send(client, { model: model('echo'), messages: [{ role: 'user', content: 'a text of more than four tokens, by any count' }], maxCompletionTokens: 4, stream });

    assert.equal(stream ? finishReasonsOf(await collect(answer))[0] : answer.choices[0].finishReason, 'length');
  });

  test(`the record of a generation tells what the answer told (stream: ${stream})`, async () => {
    const { client } = createClient();
    const answer = await send(client, { model: model('echo'), messages: [{ role: 'user', content: 'Remember this.' }], user: 'someone', sessionId: 'one-session', stream });
    const { id, usage } = stream ? (await collect(answer)).at(-1) : answer;
    const { data } = await client.generations.getGeneration({ id });

    assert.equal(data.id, id);
    assert.equal(data.model, model('echo'));
    assert.equal(data.streamed, stream);
    assert.equal(data.cancelled, false);
    assert.equal(data.finishReason, 'stop');
    assert.equal(data.totalCost, usage.cost);
    assert.equal(data.nativeTokensPrompt, usage.promptTokens);
    assert.equal(data.nativeTokensCompletion, usage.completionTokens);
    assert.equal(data.nativeTokensCached ?? 0, usage.promptTokensDetails?.cachedTokens ?? 0);
    assert.equal(data.externalUser, 'someone');
    assert.equal(data.sessionId, 'one-session');
    assert.ok(data.createdAt);
    assert.equal(data.providerResponses.length, 1);
    checkCost(data.usage, data.nativeTokensPrompt, data.nativeTokensCached ?? 0, data.nativeTokensCompletion);
  });
}

test('a fallback model serves when the first one fails, and the answer says which did', async () => {
  const { client, statuses } = createClient();
  const answer = await send(client, { model: model('error-429'), models: [model('echo')], messages: [{ role: 'user', content: 'Whoever can.' }] });

  assert.equal(answer.model, model('echo'));
  assert.equal(answer.choices[0].message.content, 'Whoever can.');
  assert.deepEqual(statuses, [200]);
  const { data } = await client.generations.getGeneration({ id: answer.id });
  // The first model may have asked to wait, and is then not called again.
  assert.deepEqual(data.providerResponses.map(({ modelPermaslug }) => modelPermaslug).slice(-1), [model('echo')]);
});
