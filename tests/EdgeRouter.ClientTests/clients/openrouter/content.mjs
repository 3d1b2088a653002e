// What goes in and out beside text: pictures, structured output, reasoning.
import assert from 'node:assert/strict';
import test from 'node:test';
import { model, pictureAtURLSeen, pictureDataURL, pictureSeen, pictureURL } from '../router.mjs';
import { checkClientUsage, collect, createClient, send, textOf } from './client.mjs';

const looking = (url) => [{ role: 'user', content: [{ type: 'text', text: 'Look:' }, { type: 'image_url', imageUrl: { url, detail: 'auto' } }] }];

test('pictures arrive as base64 and as URL', async () => {
  const { client } = createClient();
  const inline = await send(client, { model: model('image'), messages: looking(pictureDataURL) });
  assert.match(inline.choices[0].message.content, pictureSeen);

  const linked = await collect(await send(client, { model: model('image'), messages: looking(pictureURL), stream: true }));
  assert.match(textOf(linked), pictureAtURLSeen);
});

const schema = {
  type: 'object',
  properties: { name: { type: 'string' }, sizes: { type: 'array', items: { type: 'integer' } }, kind: { type: 'string', enum: ['starter', 'main'] } },
  required: ['name', 'sizes', 'kind'],
  additionalProperties: false,
};

for (const stream of [false, true]) {
  test(`the answer fits the schema that was asked for (stream: ${stream})`, async () => {
    const { client } = createClient();
    const answer = await send(client, {
      model: model('json'),
      messages: [{ role: 'user', content: 'A dish, please.' }],
      responseFormat: { type: 'json_schema', jsonSchema: { name: 'dish', strict: true, schema } },
      stream,
    });
    const dish = JSON.parse(stream ? textOf(await collect(answer)) : answer.choices[0].message.content);

    assert.deepEqual(Object.keys(dish).sort(), ['kind', 'name', 'sizes']);
    assert.equal(typeof dish.name, 'string');
    assert.ok(dish.sizes.every(Number.isInteger));
    assert.equal(dish.kind, 'starter');
  });

  test(`reasoning is told apart from the answer (stream: ${stream})`, async () => {
    const { client } = createClient();
    const answer = await send(client, { model: model('reasoning'), messages: [{ role: 'user', content: 'Think about this.' }], reasoning: { effort: 'medium' }, stream });
    const chunks = stream ? await collect(answer) : [];
    const messages = stream ? chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.delta)) : [answer.choices[0].message];
    const details = messages.flatMap((message) => message.reasoningDetails ?? []);

    assert.equal(messages.map((message) => message.content ?? '').join(''), 'Think about this.');
    const reasoning = messages.map((message) => message.reasoning ?? '').join('');
    assert.match(reasoning, /^The user said something\./);
    assert.equal(details.map((detail) => detail.text ?? '').join(''), reasoning);
    checkClientUsage(stream ? chunks.at(-1).usage : answer.usage);
  });
}
