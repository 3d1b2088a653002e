// Tools: parallel calls, their results, and the reasoning that led to them handed back unchanged.
import assert from 'node:assert/strict';
import test from 'node:test';
import { model, overWire } from '../router.mjs';
import { checkClientUsage, collect, createClient, finishReasonsOf, send, textOf } from './client.mjs';

const tool = (name, properties) => ({ type: 'function', function: { name, description: `Does ${name}`, parameters: { type: 'object', properties, required: Object.keys(properties) } } });
const tools = [tool('get_weather', { city: { type: 'string' }, days: { type: 'integer' } }), tool('get_time', { zone: { type: 'string' } })];
const question = { role: 'user', content: 'What are the weather and the time?' };
const resultsOf = (calls) => calls.map((call) => ({ role: 'tool', toolCallId: call.id, content: `result of ${call.function.name}` }));

function checkCalls(calls) {
  assert.deepEqual(calls.map((call) => call.function.name), ['get_weather', 'get_time']);
  assert.equal(new Set(calls.map((call) => call.id)).size, 2);
  assert.equal(typeof JSON.parse(calls[0].function.arguments).days, 'number');
}

// The assistant's message that the chunks of a stream make.
function join(chunks) {
  const message = { role: 'assistant', content: null, toolCalls: [], reasoningDetails: [] };
  for (const delta of chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.delta))) {
    for (const piece of delta.toolCalls ?? []) {
      const call = (message.toolCalls[piece.index] ??= { id: '', type: 'function', function: { name: '', arguments: '' } });
      call.id += piece.id ?? '';
      call.function.name += piece.function?.name ?? '';
      call.function.arguments += piece.function?.arguments ?? '';
    }
    for (const detail of delta.reasoningDetails ?? []) {
      const last = message.reasoningDetails.at(-1);
      if (last?.type === 'reasoning.text' && detail.type === 'reasoning.text' && last.index === detail.index) {
        last.text = (last.text ?? '') + (detail.text ?? '');
        last.signature ??= detail.signature;
      } else {
        message.reasoningDetails.push({ ...detail });
      }
    }
  }
  return message;
}

test('two calls, their results, and an answer', async () => {
  const { client } = createClient();
  const first = await send(client, { model: model('tools'), messages: [question], tools });
  const { message, finishReason } = first.choices[0];
  assert.equal(finishReason, 'tool_calls');
  checkCalls(message.toolCalls);
  checkClientUsage(first.usage);

  const second = await send(client, { model: model('tools'), messages: [question, message, ...resultsOf(message.toolCalls)], tools });
  assert.match(second.choices[0].message.content, /^The tool answered: .*result of get_time$/);
  assert.equal(second.choices[0].finishReason, 'stop');
});

test('the same, streamed', async () => {
  const { client } = createClient();
  const chunks = await collect(await send(client, { model: model('tools'), messages: [question], tools, toolChoice: 'required', stream: true }));
  assert.deepEqual(finishReasonsOf(chunks), ['tool_calls']);
  const message = join(chunks);
  checkCalls(message.toolCalls);

  const answer = textOf(await collect(await send(client, { model: model('tools'), messages: [question, message, ...resultsOf(message.toolCalls)], tools, stream: true })));
  assert.match(answer, /^The tool answered: .*result of get_time$/);
});

// The providers that sign their reasoning refuse a conversation that comes back without it; the stubs do as well.
for (const stream of [false, true]) {
  test(`reasoning before a call goes back to the provider as it came (stream: ${stream})`, { skip: !overWire && 'the scripted provider reasons or calls, not both' }, async () => {
    const { client } = createClient();
    const request = { model: model('reasoning'), tools, reasoning: { effort: 'high' } };
    const first = await send(client, { ...request, messages: [question], stream });
    const message = stream ? join(await collect(first)) : first.choices[0].message;
    checkCalls(message.toolCalls);
    assert.ok(message.reasoningDetails.length > 0);

    const second = await send(client, { ...request, messages: [question, message, ...resultsOf(message.toolCalls)] });
    assert.match(second.choices[0].message.content, /^The tool answered: .*result of get_time$/);
  });
}
