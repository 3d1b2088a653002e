// Tools: parallel calls, their results, forced and forbidden calls, streamed arguments, and the client's own tool runner.
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import assert from 'node:assert/strict';
import test from 'node:test';
import { dialect, model } from '../router.mjs';
import { checkUsage, collect, createClient, textOf } from './client.mjs';

const weather = {
  name: 'get_weather',
  description: 'Weather of a city',
  input_schema: {
    type: 'object',
    properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
    required: ['city', 'unit'],
    additionalProperties: false,
  },
};
const time = { name: 'get_time', input_schema: { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] } };
const question = { role: 'user', content: 'What are the weather and the time?' };
const request = (more = {}) => ({ model: model('tools'), max_tokens: 1024, messages: [question], tools: [weather, time], ...more });
const callsOf = ({ content }) => content.filter(({ type }) => type === 'tool_use');

function checkCalls(calls) {
  assert.deepEqual(calls.map(({ name }) => name), ['get_weather', 'get_time']);
  assert.equal(new Set(calls.map(({ id }) => id)).size, 2, 'the ids differ');
  assert.equal(calls[0].input.unit, 'celsius');
  assert.equal(typeof calls[0].input.city, 'string');
  assert.equal(typeof calls[1].input.zone, 'string');
}

for (const stream of [false, true]) {
  test(`two tools are called at once, and their results come back into the conversation (stream: ${stream})`, async () => {
    const { client } = createClient();
    const send = (body) => (stream ? client.messages.stream(body).finalMessage() : client.messages.create(body));
    const first = await send(request());
    assert.equal(first.stop_reason, 'tool_use');
    checkCalls(callsOf(first));
    checkUsage(first.usage);

    const results = callsOf(first).map(({ id, name }) => ({ type: 'tool_result', tool_use_id: id, content: [{ type: 'text', text: `result of ${name}` }] }));
    const second = await send(request({ messages: [question, { role: 'assistant', content: first.content }, { role: 'user', content: results }] }));
    assert.equal(second.stop_reason, 'end_turn');
    assert.match(textOf(second), /^The tool answered: .*result of get_time$/);
  });
}

test('streamed calls come in pieces that join', async () => {
  const { client } = createClient();
  const events = await collect(await client.messages.create(request({ stream: true })));
  const calls = [];
  for (const event of events) {
    if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') calls[event.index] = { ...event.content_block, json: '' };
    if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta') calls[event.index].json += event.delta.partial_json;
  }

  checkCalls(calls.filter(Boolean).map(({ json, ...call }) => ({ ...call, input: JSON.parse(json) })));
  assert.equal(events.at(-2).delta.stop_reason, 'tool_use');
});

test('disable_parallel_tool_use permits one call', { skip: dialect === 'gemini' && 'the wire of Gemini has no such switch' }, async () => {
  const { client } = createClient();
  const message = await client.messages.create(request({ tool_choice: { type: 'auto', disable_parallel_tool_use: true } }));

  assert.deepEqual(callsOf(message).map(({ name }) => name), ['get_weather']);
});

test('tool_choice names the tool, demands one, or forbids all', async () => {
  const { client } = createClient();
  const choose = (tool_choice) => client.messages.create(request({ tool_choice }));

  assert.deepEqual(callsOf(await choose({ type: 'tool', name: 'get_time' })).map(({ name }) => name), ['get_time']);
  assert.equal(callsOf(await choose({ type: 'any' }))[0].name, 'get_weather');
  const none = await choose({ type: 'none' });
  assert.equal(textOf(none), question.content);
  assert.deepEqual(callsOf(none), []);
});

for (const stream of [false, true]) {
  test(`the tool runner runs the loop to its end (stream: ${stream})`, async () => {
    const { client } = createClient();
    const seen = [];
    const runnable = ({ name, description, input_schema }) => betaTool({
      name,
      description: description ?? name,
      inputSchema: input_schema,
      run: (input) => {
        seen.push([name, input]);
        return `result of ${name}`;
      },
    });
    // The router holds no conversations: the client learns it, and sends the whole one each turn.
    const runner = client.beta.messages.toolRunner({ ...request(), tools: [weather, time].map(runnable), stream });
    const message = await runner.runUntilDone();

    assert.match(textOf(message), /^The tool answered: .*result of get_time$/);
    assert.deepEqual(seen.map(([name]) => name).sort(), ['get_time', 'get_weather']);
    assert.ok(seen.every(([, input]) => typeof input === 'object'));
  });
}
