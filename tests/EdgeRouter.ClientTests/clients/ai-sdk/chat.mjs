// The AI SDK over OpenRouter's provider for it: text, tools in several steps, pictures, structured output, reasoning, failures.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createOpenRouter } from '@openrouter/ai-sdk-provider';
import { APICallError, generateText, Output, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { baseURL, checkCost, inferenceKey, model, overWire, pictureAtURLSeen, pictureDataURL, pictureSeen, pictureURL, unique, providerCalls } from '../router.mjs';

const openrouter = createOpenRouter({ baseURL, apiKey: inferenceKey });

function checkAccounting({ usage, providerMetadata, finishReason }) {
  assert.equal(finishReason, 'stop');
  const own = providerMetadata.openrouter.usage;
  const cached = own.promptTokensDetails?.cachedTokens ?? 0;
  assert.equal(cached, overWire ? 8 : 0);
  assert.equal(usage.inputTokens, own.promptTokens);
  assert.equal(usage.outputTokens, own.completionTokens);
  checkCost(own.cost, own.promptTokens, cached, own.completionTokens);
}

test('generateText: text, usage and cost, after one call', async () => {
  const prompt = unique('Say this.');
  const result = await generateText({ model: openrouter(model('echo')), system: 'Repeat.', prompt });

  assert.equal(result.text, prompt);
  checkAccounting(result);
  if (overWire) assert.equal(await providerCalls(prompt), 1);
});

test('streamText: the same, in pieces', async () => {
  const prompt = unique('Say this too, in several pieces.');
  const result = streamText({ model: openrouter(model('echo')), prompt });
  const pieces = [];
  for await (const piece of result.textStream) pieces.push(piece);

  assert.equal(pieces.join(''), prompt);
  assert.ok(pieces.length > 2);
  checkAccounting({ usage: await result.usage, providerMetadata: await result.providerMetadata, finishReason: await result.finishReason });
  if (overWire) assert.equal(await providerCalls(prompt), 1);
});

const called = (seen) => ({
  get_weather: tool({
    description: 'Weather of a city',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => (seen.push(['get_weather', city]), 'result of get_weather'),
  }),
  get_time: tool({
    inputSchema: z.object({ zone: z.string() }),
    execute: async ({ zone }) => (seen.push(['get_time', zone]), 'result of get_time'),
  }),
});

// The provider hands back the reasoning details, on which some providers insist.
for (const slug of overWire ? ['tools', 'reasoning'] : ['tools']) {
  const options = (seen) => ({
    model: openrouter(model(slug), slug === 'reasoning' ? { reasoning: { effort: 'high' } } : {}),
    prompt: 'What are the weather and the time?',
    tools: called(seen),
    stopWhen: stepCountIs(3),
  });
  const check = (seen, steps, text) => {
    assert.deepEqual(seen.map(([name]) => name).sort(), ['get_time', 'get_weather']);
    assert.ok(seen.every(([, argument]) => typeof argument === 'string'));
    assert.deepEqual(steps.map((step) => step.finishReason), ['tool-calls', 'stop']);
    assert.match(text, /^The tool answered: .*result of get_time/);
  };

  test(`generateText calls two tools and goes on with their results (${slug})`, async () => {
    const seen = [];
    const result = await generateText(options(seen));
    check(seen, result.steps, result.text);
  });

  test(`streamText does so too (${slug})`, async () => {
    const seen = [];
    const result = streamText(options(seen));
    check(seen, await result.steps, await result.text);
  });
}

test('pictures as data and as URL', async () => {
  const look = async (data) => {
    const content = [{ type: 'text', text: 'Look:' }, { type: 'file', mediaType: 'image/png', data }];
    return (await generateText({ model: openrouter(model('image')), messages: [{ role: 'user', content }] })).text;
  };

  assert.match(await look(pictureDataURL), pictureSeen);
  assert.match(await look(new URL(pictureURL)), pictureAtURLSeen);
});

test('an object of the schema', async () => {
  const schema = z.object({ name: z.string(), sizes: z.array(z.int()), kind: z.enum(['starter', 'main']) });
  const { output } = await generateText({ model: openrouter(model('json')), prompt: 'A dish, please.', output: Output.object({ schema }) });

  assert.ok(schema.safeParse(output).success);
  assert.equal(output.kind, 'starter');
});

test('reasoning beside the answer', async () => {
  const asked = { model: openrouter(model('reasoning'), { reasoning: { effort: 'high' } }), prompt: 'Think about this.' };
  const whole = await generateText(asked);
  assert.equal(whole.text, 'Think about this.');
  assert.match(whole.reasoningText, /^The user said something\./);

  const streamed = streamText(asked);
  assert.equal(await streamed.text, 'Think about this.');
  assert.equal(await streamed.reasoningText, whole.reasoningText);
});

test('a wrong key and a rate limit are APICallErrors', async () => {
  const fails = async (provider, slug, status) =>
    assert.rejects(generateText({ model: provider(model(slug)), prompt: 'Hello?', maxRetries: 0 }), (error) => {
      assert.ok(APICallError.isInstance(error), String(error));
      assert.equal(error.statusCode, status);
      return true;
    });
  await fails(createOpenRouter({ baseURL, apiKey: 'sk-wrong-0123456789abcdef' }), 'echo', 401);
  await fails(openrouter, 'error-429', 429);
});

for (const fault of ['midstream-error', 'truncated']) {
  test(`${fault}: the stream has an error and does not stop well`, async () => {
    const errors = [];
    const result = streamText({ model: openrouter(model(fault)), prompt: 'Will you stay until the very end of what I have to say?', maxRetries: 0, onError: ({ error }) => errors.push(error) });
    let finish;
    for await (const part of result.fullStream) {
      if (part.type === 'error') errors.push(part.error);
      if (part.type === 'finish') finish = part.finishReason;
    }

    assert.ok(errors.length > 0);
    assert.notEqual(finish, 'stop');
  });
}
