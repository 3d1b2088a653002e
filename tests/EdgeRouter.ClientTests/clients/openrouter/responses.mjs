// Responses over the official SDK and over the agent package, which both drop any event that is not of OpenRouter's schema.
import assert from 'node:assert/strict';
import test from 'node:test';
import { OpenRouter, stepCountIs, tool } from '@openrouter/agent';
import { z } from 'zod';
import { baseURL, inferenceKey, model, unique } from '../router.mjs';
import { collect, createClient } from './client.mjs';

const respond = (client, responsesRequest) => client.responses.send({ responsesRequest });

test('a whole response parses, with usage and cost', async () => {
  const { client } = createClient();
  const text = unique('Say "übergrößenträger" – 日本語 🎉.');
  const response = await respond(client, { model: model('echo'), input: text, instructions: 'Repeat.' });

  assert.equal(response.output[0].content[0].text, text);
  assert.deepEqual([response.status, response.model, response.instructions], ['completed', model('echo'), 'Repeat.']);
  assert.ok(response.usage.cost > 0);
});

test('every event of a stream is of the schema', async () => {
  const { client } = createClient();
  const text = unique('A longer text, so that it comes in several pieces: übergrößenträger 日本語 🎉.');
  const events = await collect(await respond(client, { model: model('echo'), input: text, stream: true }));

  assert.equal(events.filter(({ type }) => type === 'response.output_text.delta').map(({ delta }) => delta).join(''), text);
  assert.equal(events.at(-1).type, 'response.completed');
  assert.ok(events.at(-1).response.usage.cost > 0);
  assert.ok(events.every(({ type }) => type.startsWith('response.')), 'no event is unknown');
});

const agent = () => new OpenRouter({ serverURL: baseURL, apiKey: inferenceKey });
const weather = (seen) =>
  tool({
    name: 'get_weather',
    description: 'Weather of a city',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => {
      seen.push(city);
      return { weather: `sunny in ${city}` };
    },
  });

test('the agent streams text and ends with the whole response', async () => {
  const text = unique('Through the agent: übergrößenträger 日本語 🎉.');
  const result = agent().callModel({ model: model('echo'), input: text });
  let streamed = '';
  for await (const delta of result.getTextStream()) streamed += delta;

  assert.equal(streamed, text);
  assert.equal(await result.getText(), text);
  assert.ok((await result.getResponse()).usage.cost > 0);
});

test('the agent runs its tools and sends everything back', async () => {
  const seen = [];
  const result = agent().callModel({ model: model('tools'), input: 'What is the weather?', tools: [weather(seen)], stopWhen: stepCountIs(4) });

  assert.match(await result.getText(), /^The tool answered: .*sunny in/);
  assert.equal(seen.length, 1);
});

test('the agent sees reasoning as it comes', async () => {
  const result = agent().callModel({ model: model('reasoning'), input: 'Think about this.', reasoning: { effort: 'high' } });
  let thought = '';
  for await (const delta of result.getReasoningStream()) thought += delta;

  assert.match(thought, /^The user said something\./);
  assert.equal(await result.getText(), 'Think about this.');
});

test('the agent fails when the stream does', async () => {
  const result = agent().callModel({ model: model('midstream-error'), input: unique('Hello, are you there, and will you stay until the end of this?') });
  await assert.rejects(result.getText());
});
