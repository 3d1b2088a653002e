// Tools: parallel calls, their results, forced and forbidden calls, streamed arguments, and the client's own tool runner.
import assert from 'node:assert/strict';
import test from 'node:test';
import { checkUsage, dialect, model, overWire } from '../router.mjs';
import { collect, createClient } from './client.mjs';

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
      required: ['city', 'unit'],
      additionalProperties: false,
    },
    strict: true,
  },
};
const time = { type: 'function', function: { name: 'get_time', parameters: { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] } } };
const question = { role: 'user', content: 'What are the weather and the time?' };

function checkCalls(calls) {
  assert.deepEqual(calls.map((call) => call.function.name), ['get_weather', 'get_time']);
  assert.ok(calls.every((call) => call.type === 'function'));
  assert.equal(new Set(calls.map((call) => call.id)).size, 2, 'the ids differ');
  const [where, zone] = calls.map((call) => JSON.parse(call.function.arguments));
  assert.equal(where.unit, 'celsius');
  assert.equal(typeof where.city, 'string');
  assert.equal(typeof zone.zone, 'string');
}

test('two tools are called at once, and their results come back into the conversation', async () => {
  const { client } = createClient();
  const first = await client.chat.completions.create({ model: model('tools'), messages: [question], tools: [weather, time] });
  const { message, finish_reason } = first.choices[0];
  assert.equal(finish_reason, 'tool_calls');
  assert.ok(!message.content);
  checkCalls(message.tool_calls);
  checkUsage(first.usage);

  const results = message.tool_calls.map((call) => ({ role: 'tool', tool_call_id: call.id, content: `result of ${call.function.name}` }));
  const second = await client.chat.completions.create({ model: model('tools'), messages: [question, message, ...results], tools: [weather, time] });
  assert.equal(second.choices[0].finish_reason, 'stop');
  assert.match(second.choices[0].message.content, /^The tool answered: .*result of get_time$/);
});

test('streamed calls come in pieces that join, each id and name once', async () => {
  const { client } = createClient();
  const chunks = await collect(await client.chat.completions.create({ model: model('tools'), messages: [question], tools: [weather, time], stream: true }));
  const calls = [];
  for (const delta of chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])) {
    const call = (calls[delta.index] ??= { id: '', type: '', function: { name: '', arguments: '' } });
    call.id += delta.id ?? '';
    call.type ||= delta.type ?? '';
    call.function.name += delta.function?.name ?? '';
    call.function.arguments += delta.function?.arguments ?? '';
  }

  checkCalls(calls);
  assert.deepEqual(chunks.map((chunk) => chunk.choices[0]?.finish_reason).filter(Boolean), ['tool_calls']);
  checkUsage(chunks.at(-1).usage);

  const message = { role: 'assistant', content: null, tool_calls: calls };
  const results = calls.map((call) => ({ role: 'tool', tool_call_id: call.id, content: [{ type: 'text', text: `result of ${call.function.name}` }] }));
  const answer = await client.chat.completions.stream({ model: model('tools'), messages: [question, message, ...results], tools: [weather, time] }).finalChatCompletion();
  assert.match(answer.choices[0].message.content, /^The tool answered: .*result of get_time$/);
});

test('the stream helper puts the calls together', async () => {
  const { client } = createClient();
  const stream = client.chat.completions.stream({ model: model('tools'), messages: [question], tools: [weather, time] });
  const completion = await stream.finalChatCompletion();

  checkCalls(completion.choices[0].message.tool_calls);
  assert.equal(completion.choices[0].finish_reason, 'tool_calls');
});

test('parallel_tool_calls: false permits one call', { skip: dialect === 'gemini' && 'the wire of Gemini has no such switch' }, async () => {
  const { client } = createClient();
  const { choices } = await client.chat.completions.create({ model: model('tools'), messages: [question], tools: [weather, time], parallel_tool_calls: false });

  assert.deepEqual(choices[0].message.tool_calls.map((call) => call.function.name), ['get_weather']);
});

test('tool_choice names the tool, demands one, or forbids all', async () => {
  const { client } = createClient();
  const ask = async (tool_choice) => (await client.chat.completions.create({ model: model('tools'), messages: [question], tools: [weather, time], tool_choice })).choices[0];

  const named = await ask({ type: 'function', function: { name: 'get_time' } });
  assert.deepEqual(named.message.tool_calls.map((call) => call.function.name), ['get_time']);
  const required = await ask('required');
  assert.equal(required.message.tool_calls[0].function.name, 'get_weather');
  const none = await ask('none');
  assert.equal(none.message.content, question.content);
  assert.equal(none.message.tool_calls, undefined);
});

for (const [slug, stream] of [['tools', false], ['tools', true], ['reasoning', false], ['reasoning', true]]) {
  // The runner hands back no reasoning, which some providers ask for: the router has to get by.
  const skip = slug === 'reasoning' && !overWire && 'the scripted provider reasons or calls, not both';
  test(`runTools runs the loop to its end (${slug}, stream: ${stream})`, { skip }, async () => {
    const { client } = createClient();
    const seen = [];
    const runnable = ({ function: definition }) => ({
      type: 'function',
      function: {
        ...definition,
        parse: JSON.parse,
        function: (args) => {
          seen.push([definition.name, args]);
          return `result of ${definition.name}`;
        },
      },
    });
    const runner = client.chat.completions.runTools({
      model: model(slug),
      messages: [question],
      tools: [weather, time].map(runnable),
      ...(slug === 'reasoning' && { reasoning_effort: 'high' }),
      stream,
    });

    assert.match(await runner.finalContent(), /^The tool answered: .*result of get_time$/);
    assert.deepEqual(seen.map(([name]) => name).sort(), ['get_time', 'get_weather']);
    assert.ok(seen.every(([, args]) => typeof args === 'object'));
  });
}
