// Amazon's own client against the provider of Converse that the router's tests talk to: what it reads and refuses here is the truth about the wire.
// HTTP/1.1, as the router speaks without TLS: by itself the client would speak HTTP/2.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';

const provider = process.env.PROVIDERS_URL;
const region = 'eu-west-1';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const client = of({ credentials });
const hello = [{ role: 'user', content: [{ text: 'Grüße 🌍' }] }];
const toolConfig = { tools: [{ toolSpec: { name: 'weather', inputSchema: { json: { type: 'object', properties: { city: { type: 'string' } } } } } }] };

function of(more) {
  return new BedrockRuntimeClient({ endpoint: provider, region, maxAttempts: 1, requestHandler: new NodeHttpHandler(), ...more });
}

function model(scenario) {
  return `arn:aws:bedrock:${region}:1:inference-profile/eu.anthropic.claude-v1:${scenario}`;
}

async function collect(command, from = client) {
  const events = [];
  for await (const event of (await from.send(command)).stream) events.push(event);
  return events;
}

function deltas(events) {
  return events.filter(event => event.contentBlockDelta).map(event => event.contentBlockDelta.delta);
}

test('whole answer', async () => {
  const answer = await client.send(new ConverseCommand({ modelId: model('text'), messages: hello, inferenceConfig: { maxTokens: 50, temperature: 0.5 } }));
  assert.deepEqual(answer.output.message, { role: 'assistant', content: [{ text: 'You said: Grüße 🌍' }] });
  assert.equal(answer.stopReason, 'end_turn');
  assert.deepEqual(answer.usage, { inputTokens: 21, outputTokens: 13, totalTokens: 46, cacheReadInputTokens: 5, cacheWriteInputTokens: 7 });
});

test('stream', async () => {
  const events = await collect(new ConverseStreamCommand({ modelId: model('text'), messages: hello }));
  assert.equal(deltas(events).map(delta => delta.text).join(''), 'You said: Grüße 🌍');
  assert.deepEqual(events.map(event => Object.keys(event)[0]),
    ['messageStart', 'contentBlockDelta', 'contentBlockDelta', 'contentBlockStop', 'messageStop', 'metadata']);
  assert.equal(events.at(-1).metadata.usage.outputTokens, 13);
});

test('tools, whole and streamed, and their results', async () => {
  const answer = await client.send(new ConverseCommand({ modelId: model('tools'), messages: hello, toolConfig }));
  assert.equal(answer.stopReason, 'tool_use');
  assert.deepEqual(answer.output.message.content.map(block => block.toolUse.input), [{ city: 'Paris' }, { city: 'Rome' }]);

  const events = await collect(new ConverseStreamCommand({ modelId: model('tools'), messages: hello, toolConfig }));
  assert.deepEqual(events.filter(event => event.contentBlockStart).map(event => event.contentBlockStart.start.toolUse.toolUseId), ['tooluse_1', 'tooluse_2']);
  assert.equal(deltas(events).map(delta => delta.toolUse.input).join(''), '{"city":"Paris"}{"city":"Rome"}');

  const results = answer.output.message.content.map(block => ({ toolResult: { toolUseId: block.toolUse.toolUseId, content: [{ text: 'sunny' }] } }));
  const last = await client.send(new ConverseCommand({ modelId: model('tools'), toolConfig, messages: [...hello, answer.output.message, { role: 'user', content: results }] }));
  assert.equal(last.output.message.content[0].text, 'The tool said: sunny');
});

test('image and document as bytes', async () => {
  const content = [{ text: 'Look' }, { image: { format: 'png', source: { bytes: Buffer.from([1, 2, 3]) } } },
    { document: { format: 'pdf', name: 'a 1', source: { bytes: Buffer.from('pdf') } } }];
  const answer = await client.send(new ConverseCommand({ modelId: model('text'), messages: [{ role: 'user', content }] }));
  assert.equal(answer.output.message.content[0].text, 'A png of 3 bytes.');
});

test('reasoning with its signature, and back', async () => {
  const request = { modelId: model('reasoning'), messages: hello, additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2000 } } };
  const answer = await client.send(new ConverseCommand(request));
  assert.deepEqual(answer.output.message.content[0].reasoningContent.reasoningText, { text: 'They greet me.', signature: 'c2lnbmF0dXJl' });
  const streamed = deltas(await collect(new ConverseStreamCommand(request))).filter(delta => delta.reasoningContent).map(delta => delta.reasoningContent);
  assert.equal(streamed.map(part => part.text ?? '').join(''), 'They greet me.');
  assert.equal(streamed.at(-1).signature, 'c2lnbmF0dXJl');
  await client.send(new ConverseCommand({ ...request, messages: [...hello, answer.output.message, ...hello] }));
});

test('everything that the router writes is of the types', async () => {
  await client.send(new ConverseCommand({
    modelId: model('text'), messages: [{ role: 'user', content: [{ text: 'a' }, { cachePoint: { type: 'default', ttl: '1h' } }] }],
    system: [{ text: 'b' }, { cachePoint: { type: 'default' } }], inferenceConfig: { maxTokens: 5, temperature: 1, topP: 0.5, stopSequences: ['x'] },
    toolConfig: { tools: [toolConfig.tools[0], { cachePoint: { type: 'default' } }], toolChoice: { any: {} } }, serviceTier: { type: 'flex' },
    outputConfig: { effort: 'low', textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{}', name: 'n' } } } },
  }));
});

test('error before the answer', async () => {
  for (const Command of [ConverseCommand, ConverseStreamCommand]) {
    await assert.rejects(client.send(new Command({ modelId: model('throttled'), messages: hello })),
      error => error.name === 'ThrottlingException' && error.$metadata.httpStatusCode === 429 && /Too many tokens/.test(error.message));
  }
  await assert.rejects(client.send(new ConverseCommand({ modelId: model('text'), messages: [{ role: 'assistant', content: [{ text: 'a' }] }] })),
    { name: 'ValidationException' });
});

test('error inside a stream', async () => {
  await assert.rejects(collect(new ConverseStreamCommand({ modelId: model('broken'), messages: hello })),
    error => error.name === 'ModelStreamErrorException' && /The model broke/.test(error.message));
});

test('corrupted stream', async () => {
  await assert.rejects(collect(new ConverseStreamCommand({ modelId: model('corrupt'), messages: hello })), /checksum/i);
});

test('credentials', async () => {
  const ask = new ConverseCommand({ modelId: model('text'), messages: hello });
  await of({ credentials: { ...credentials, sessionToken: 'session-token-0123456789' } }).send(ask);
  await of({ token: { token: 'bedrock-api-key-0123456789' }, authSchemePreference: ['httpBearerAuth'] }).send(ask);
  await assert.rejects(of({ credentials: { ...credentials, secretAccessKey: 'wrong' } }).send(ask), { name: 'InvalidSignatureException' });
  await assert.rejects(of({ region: 'us-east-1', credentials }).send(ask), { name: 'InvalidSignatureException' });
});
