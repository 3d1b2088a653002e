// Responses whole and streamed: text, tools and their results, structured output, pictures, reasoning, limits, and a caller who leaves.
import assert from 'node:assert/strict';
import test from 'node:test';
import { APIUserAbortError } from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { checkUsage, eventually, model, overWire, pictureAtURLSeen, pictureDataURL, pictureSeen, pictureURL, providerCalls, providerHangups, stopsWhenLeft, unique } from '../router.mjs';
import { collect, createClient } from './client.mjs';

const weather = {
  type: 'function',
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
    required: ['city', 'unit'],
    additionalProperties: false,
  },
  strict: true,
};
const time = { type: 'function', name: 'get_time', parameters: { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] }, strict: false };
const question = { role: 'user', content: 'What are the weather and the time?' };
const textOf = (response) => response.output.flatMap(({ content }) => content ?? []).filter(({ type }) => type === 'output_text').map(({ text }) => text).join('');
const callsOf = (response) => response.output.filter(({ type }) => type === 'function_call');

// The totals of this API under the names of the other.
function checkTokens(usage) {
  assert.ok(usage.output_tokens_details.reasoning_tokens >= 0);
  checkUsage({
    prompt_tokens: usage.input_tokens,
    completion_tokens: usage.output_tokens,
    total_tokens: usage.total_tokens,
    prompt_tokens_details: usage.input_tokens_details,
    cost: usage.cost,
  });
}

test('a whole answer has text, ids, usage and cost, after one call', async () => {
  const { client, requests } = createClient();
  const text = unique('Say "übergrößenträger" – 日本語 🎉, then a\nline.');
  const { data, response } = await client.responses
    .create({ model: model('echo'), instructions: 'Repeat.', input: text, temperature: 0.5, metadata: { a: 'b' } })
    .withResponse();

  assert.equal(data.output_text, text);
  assert.deepEqual([data.object, data.status, data.model, data.error], ['response', 'completed', model('echo'), null]);
  assert.deepEqual([data.instructions, data.temperature, data.metadata], ['Repeat.', 0.5, { a: 'b' }]);
  assert.match(data.id, /^gen-/);
  assert.equal(response.headers.get('x-generation-id'), data.id);
  assert.ok(data.completed_at >= data.created_at);
  checkTokens(data.usage);
  assert.equal(requests.length, 1);
  if (overWire) assert.equal(await providerCalls(text), 1);
});

test('a stream brings the same text in pieces, in the order of its events, and usage last', async () => {
  const { client, requests } = createClient();
  const text = unique('A longer text, so that it comes in several pieces: übergrößenträger 日本語 🎉.');
  const events = await collect(await client.responses.create({ model: model('echo'), input: [{ role: 'user', content: text }], stream: true }));

  const deltas = events.filter(({ type }) => type === 'response.output_text.delta');
  assert.equal(deltas.map(({ delta }) => delta).join(''), text);
  assert.ok(deltas.length > 2, 'it came in several pieces');
  assert.deepEqual([...new Set(events.map(({ type }) => type))], [
    'response.created', 'response.in_progress', 'response.output_item.added', 'response.content_part.added', 'response.output_text.delta',
    'response.output_text.done', 'response.content_part.done', 'response.output_item.done', 'response.completed',
  ]);
  assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, index) => index));
  checkTokens(events.at(-1).response.usage);
  assert.equal(requests.length, 1);
});

test('the stream helper puts the same response together', async () => {
  const { client } = createClient();
  const stream = client.responses.stream({ model: model('echo'), input: 'Put me together again.' });
  let seen = '';
  stream.on('response.output_text.delta', ({ delta }) => (seen += delta));
  const response = await stream.finalResponse();

  assert.equal(response.output_text, 'Put me together again.');
  assert.equal(seen, 'Put me together again.');
  assert.equal(response.status, 'completed');
});

for (const stream of [false, true]) {
  // As it stands on the wire: the stream helper adds members that no provider takes back.
  const respond = async (client, request) => {
    const answer = await client.responses.create({ ...request, stream });
    return stream ? (await collect(answer)).at(-1).response : answer;
  };

  test(`two tools are called at once, and their results come back into the conversation (stream: ${stream})`, async () => {
    const { client } = createClient();
    const first = await respond(client, { model: model('tools'), input: [question], tools: [weather, time] });
    const calls = callsOf(first);
    assert.deepEqual(calls.map(({ name, status }) => [name, status]), [['get_weather', 'completed'], ['get_time', 'completed']]);
    assert.equal(new Set(calls.map(({ call_id }) => call_id)).size, 2, 'the ids differ');
    assert.equal(JSON.parse(calls[0].arguments).unit, 'celsius');
    assert.equal(typeof JSON.parse(calls[1].arguments).zone, 'string');
    checkTokens(first.usage);

    // All that came goes back, as clients do that keep nothing at the server.
    const results = calls.map(({ call_id, name }) => ({ type: 'function_call_output', call_id, output: `result of ${name}` }));
    const second = await respond(client, { model: model('tools'), input: [question, ...first.output, ...results], tools: [weather, time] });
    assert.match(textOf(second), /^The tool answered: .*result of get_time$/);
  });

  test(`tool_choice names the tool, demands one, allows some, or forbids all (stream: ${stream})`, async () => {
    const { client } = createClient();
    const ask = (tool_choice) => respond(client, { model: model('tools'), input: [question], tools: [weather, time], tool_choice });

    assert.deepEqual(callsOf(await ask({ type: 'function', name: 'get_time' })).map(({ name }) => name), ['get_time']);
    assert.equal(callsOf(await ask('required'))[0].name, 'get_weather');
    const allowed = await ask({ type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'get_time' }] });
    assert.deepEqual(callsOf(allowed).map(({ name }) => name), ['get_time']);
    const none = await ask('none');
    assert.equal(textOf(none), question.content);
    assert.equal(callsOf(none).length, 0);
  });

  test(`a custom tool gets one text (stream: ${stream})`, async () => {
    const { client } = createClient();
    const tools = [{ type: 'custom', name: 'run', description: 'Runs a line.' }];
    const first = await respond(client, { model: model('tools'), input: [question], tools });
    const call = first.output.find(({ type }) => type === 'custom_tool_call');
    assert.equal(call.name, 'run');
    assert.equal(typeof call.input, 'string');
    assert.ok(!call.input.startsWith('{'), 'not the arguments of the function that stands for it');

    const result = { type: 'custom_tool_call_output', call_id: call.call_id, output: 'it ran' };
    const second = await respond(client, { model: model('tools'), input: [question, ...first.output, result], tools });
    assert.match(textOf(second), /^The tool answered: .*it ran$/);
  });

  test(`reasoning is told apart from the answer, and goes back with it (stream: ${stream})`, async () => {
    const { client } = createClient();
    const request = { model: model('reasoning'), reasoning: { effort: 'high', summary: 'auto' }, include: ['reasoning.encrypted_content'], store: false };
    const first = await respond(client, { ...request, input: 'Think about this.' });
    assert.equal(textOf(first), 'Think about this.');
    const thought = first.output.find(({ type }) => type === 'reasoning');
    assert.match(thought.summary.map(({ text }) => text).join(''), /^The user said something\./);

    const second = await respond(client, { ...request, input: [{ role: 'user', content: 'Think about this.' }, ...first.output, { role: 'user', content: 'And on.' }] });
    assert.equal(textOf(second), 'And on.');
  });

  test(`an answer over its limit is incomplete and says so (stream: ${stream})`, async () => {
    const { client } = createClient();
    const response = await respond(client, { model: model('echo'), input: 'a text of more than four tokens, by any count', max_output_tokens: 4 });

    assert.equal(textOf(response), 'a text of more t');
    assert.deepEqual([response.status, response.incomplete_details.reason], ['incomplete', 'max_output_tokens']);
  });
}

test('pictures arrive as base64 and as URL in one message', async () => {
  const { client } = createClient();
  const content = [{ type: 'input_text', text: 'Look:' }, ...[pictureDataURL, pictureURL].map((image_url) => ({ type: 'input_image', image_url, detail: 'low' }))];
  const { output_text } = await client.responses.create({ model: model('image'), input: [{ role: 'user', content }] });

  assert.match(output_text, new RegExp(`${pictureSeen.source}; ${pictureAtURLSeen.source}$`));
});

const Recipe = z.object({
  name: z.string(),
  minutes: z.int(),
  vegan: z.boolean(),
  kind: z.enum(['starter', 'main']),
  steps: z.array(z.object({ text: z.string(), grams: z.number() })),
});

test('parse fills the schema of zod, and so does the stream helper', async () => {
  const { client } = createClient();
  const request = { model: model('json'), input: 'A recipe, please.', text: { format: zodTextFormat(Recipe, 'recipe') } };
  const { output_parsed } = await client.responses.parse(request);
  assert.equal(output_parsed.kind, 'starter');
  assert.equal(typeof output_parsed.steps[0].text, 'string');

  const streamed = await client.responses.stream(request).finalResponse();
  assert.deepEqual(streamed.output_parsed, output_parsed);
});

test('leaving a stream ends the call of the provider too', { skip: !stopsWhenLeft && 'the scripted provider answers at once; a provider that goes on is read on' }, async () => {
  const { client } = createClient();
  const text = unique('I will not hear you out, long as your answer may be.');
  const stream = await client.responses.create({ model: model('stuck'), input: text, stream: true });
  for await (const event of stream) if (event.type === 'response.output_text.delta') break;

  await eventually(async () => (await providerHangups(text)) === 1, 'the router hangs up on the provider');
});

test('aborting before the first token is an abort, and is not tried again', async () => {
  const { client, requests } = createClient();
  const abort = new AbortController();
  const text = unique('Never mind.');
  const answer = client.responses.create({ model: overWire ? model('stuck') : 'scripted/silent', input: text }, { signal: abort.signal });
  const rejected = assert.rejects(answer, APIUserAbortError);
  if (overWire) await eventually(async () => (await providerCalls(text)) === 1, 'the provider is called');
  abort.abort();
  await rejected;

  assert.equal(requests.length, 0, 'the client saw no response at all');
});
