// What goes in and out beside text: pictures, thoughts, a schema.
import assert from 'node:assert/strict';
import test from 'node:test';
import { dialect, model, pictureAtURLSeen, pictureDataURL, pictureSeen, pictureURL } from '../router.mjs';
import { createClient, textOf } from './client.mjs';

const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pictureDataURL.split(',')[1] } };
const thinking = { type: 'enabled', budget_tokens: 2000 };

for (const stream of [false, true]) {
  const send = (client, body) => (stream ? client.messages.stream(body).finalMessage() : client.messages.create(body));

  test(`pictures arrive as base64 and as URL (stream: ${stream})`, async () => {
    const { client } = createClient();
    const content = [{ type: 'text', text: 'Look:' }, picture, { type: 'image', source: { type: 'url', url: pictureURL } }];
    const message = await send(client, { model: model('image'), max_tokens: 1024, messages: [{ role: 'user', content }] });

    assert.match(textOf(message), new RegExp(`${pictureSeen.source}; ${pictureAtURLSeen.source}$`));
  });

  test(`thoughts come before the answer and go back with the next turn (stream: ${stream})`, async () => {
    const { client } = createClient();
    const question = { role: 'user', content: 'Think about this.' };
    const first = await send(client, { model: model('reasoning'), max_tokens: 4000, thinking, messages: [question] });

    // What a provider of Responses encrypts is an opaque block behind the thought.
    const shown = first.content.filter(({ type }) => dialect !== 'openai-responses' || type !== 'redacted_thinking');
    assert.deepEqual(shown.map(({ type }) => type), ['thinking', 'text']);
    assert.match(first.content[0].thinking, /^The user said something\./);
    assert.equal(typeof first.content[0].signature, 'string');
    if (dialect === 'anthropic-messages') assert.ok(first.content[0].signature.length > 0);
    assert.equal(textOf(first), 'Think about this.');

    const messages = [question, { role: 'assistant', content: first.content }, { role: 'user', content: 'And this.' }];
    assert.equal(textOf(await send(client, { model: model('reasoning'), max_tokens: 4000, thinking, messages })), 'And this.');
  });

  test(`a schema is filled (stream: ${stream})`, async () => {
    const { client } = createClient();
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, sizes: { type: 'array', items: { type: 'integer' } } },
      required: ['name', 'sizes'],
      additionalProperties: false,
    };
    const message = await send(client, {
      model: model('json'),
      max_tokens: 1024,
      messages: [{ role: 'user', content: 'A shirt, please.' }],
      output_config: { format: { type: 'json_schema', schema } },
    });

    const shirt = JSON.parse(textOf(message));
    assert.equal(typeof shirt.name, 'string');
    assert.ok(shirt.sizes.every(Number.isInteger));
  });
}
