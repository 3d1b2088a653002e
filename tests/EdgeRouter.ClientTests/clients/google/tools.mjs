// Functions: parallel calls, their results, forced and forbidden calls, chats, and the client's own loop.
import { FunctionCallingConfigMode, Type } from '@google/genai';
import assert from 'node:assert/strict';
import test from 'node:test';
import { model } from '../router.mjs';
import { callsOf, checkUsage, collect, createClient, last, partsOf, textOf } from './client.mjs';

const weather = {
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: {
    type: Type.OBJECT,
    properties: { city: { type: Type.STRING }, unit: { type: Type.STRING, enum: ['celsius', 'fahrenheit'] } },
    required: ['city', 'unit'],
  },
};
const time = { name: 'get_time', parametersJsonSchema: { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] } };
const tools = [{ functionDeclarations: [weather, time] }];
const question = 'What are the weather and the time?';
const request = (config = {}) => ({ model: model('tools'), contents: question, config: { tools, ...config } });
const resultsOf = (calls) => calls.map(({ id, name }) => ({ functionResponse: { id, name, response: { output: `result of ${name}` } } }));

function checkCalls(calls) {
  assert.deepEqual(calls.map(({ name }) => name), ['get_weather', 'get_time']);
  assert.equal(new Set(calls.map(({ id }) => id)).size, 2, 'the ids differ');
  assert.equal(calls[0].args.unit, 'celsius');
  assert.equal(typeof calls[0].args.city, 'string');
  assert.equal(typeof calls[1].args.zone, 'string');
}

for (const stream of [false, true]) {
  const send = async (client, body) => (stream ? collect(await client.models.generateContentStream(body)) : client.models.generateContent(body));

  test(`two functions are called at once, and their results come back into the conversation (stream: ${stream})`, async () => {
    const { client } = createClient();
    const first = await send(client, request());
    checkCalls(callsOf(first));
    assert.equal(last(first).candidates[0].finishReason, 'STOP');
    checkUsage(last(first).usageMetadata);

    const contents = [{ role: 'user', parts: [{ text: question }] }, { role: 'model', parts: partsOf(first) }, { role: 'user', parts: resultsOf(callsOf(first)) }];
    const second = await send(client, { ...request(), contents });
    assert.match(textOf(second), /^The tool answered: .*result of get_time/);
  });

  test(`a chat runs the loop (stream: ${stream})`, async () => {
    const { client } = createClient();
    const chat = client.chats.create({ model: model('tools'), config: { tools } });
    const say = async (message) => (stream ? collect(await chat.sendMessageStream({ message })) : chat.sendMessage({ message }));
    const calls = callsOf(await say(question));
    checkCalls(calls);

    assert.match(textOf(await say(resultsOf(calls))), /^The tool answered: .*result of get_time/);
  });

  test(`the client's own loop runs to its end (stream: ${stream})`, async () => {
    const { client, requests } = createClient();
    const seen = [];
    const callable = {
      tool: async () => tools[0],
      callTool: async (calls) => {
        seen.push(...calls.map(({ name, args }) => [name, typeof args]));
        return resultsOf(calls);
      },
    };
    const answer = await send(client, request({ tools: [callable] }));

    assert.match(textOf(answer), /The tool answered: .*result of get_time/);
    assert.deepEqual(seen.sort(), [['get_time', 'object'], ['get_weather', 'object']]);
    assert.equal(requests.length, 2);
  });
}

test('calls without ids are answered by their names', async () => {
  const { client } = createClient();
  const first = await client.models.generateContent(request());
  const bare = ({ functionCall, ...part }) => (functionCall ? { ...part, functionCall: { name: functionCall.name, args: functionCall.args } } : part);
  const results = callsOf(first).reverse().map(({ name }) => ({ functionResponse: { name, response: { output: `result of ${name}` } } }));
  const contents = [{ role: 'user', parts: [{ text: question }] }, { role: 'model', parts: partsOf(first).map(bare) }, { role: 'user', parts: results }];

  assert.match(textOf(await client.models.generateContent({ ...request(), contents })), /^The tool answered: .*result of get_weather/);
});

test('the mode names the function, demands one, or forbids all', async () => {
  const { client } = createClient();
  const choose = (functionCallingConfig) => client.models.generateContent(request({ toolConfig: { functionCallingConfig } }));

  const named = await choose({ mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ['get_time'] });
  assert.deepEqual(named.functionCalls.map(({ name }) => name), ['get_time']);
  assert.equal((await choose({ mode: FunctionCallingConfigMode.ANY })).functionCalls[0].name, 'get_weather');
  const none = await choose({ mode: FunctionCallingConfigMode.NONE });
  assert.equal(none.text, question);
  assert.equal(none.functionCalls, undefined);
});
