// What goes in and out beside text: pictures, thoughts, a schema.
import { Type } from '@google/genai';
import assert from 'node:assert/strict';
import test from 'node:test';
import { model, pictureAtURLSeen, pictureDataURL, pictureSeen, pictureURL } from '../router.mjs';
import { collect, createClient, partsOf, textOf } from './client.mjs';

const picture = { inlineData: { mimeType: 'image/png', data: pictureDataURL.split(',')[1] } };

for (const stream of [false, true]) {
  const send = async (client, body) => (stream ? collect(await client.models.generateContentStream(body)) : client.models.generateContent(body));

  test(`pictures arrive as data and as URL (stream: ${stream})`, async () => {
    const { client } = createClient();
    const parts = [{ text: 'Look:' }, picture, { fileData: { mimeType: 'image/png', fileUri: pictureURL } }];
    const answer = await send(client, { model: model('image'), contents: [{ role: 'user', parts }] });

    assert.match(textOf(answer), new RegExp(`${pictureSeen.source}; ${pictureAtURLSeen.source}$`));
  });

  test(`thoughts come before the answer and go back with the next turn (stream: ${stream})`, async () => {
    const { client } = createClient();
    const config = { maxOutputTokens: 4000, thinkingConfig: { includeThoughts: true, thinkingBudget: 2000 } };
    const question = { role: 'user', parts: [{ text: 'Think about this.' }] };
    const first = await send(client, { model: model('reasoning'), contents: [question], config });

    const parts = partsOf(first);
    assert.equal(parts[0].thought, true);
    assert.match(parts.filter(({ thought }) => thought).map(({ text }) => text).join(''), /^The user said something\./);
    assert.equal(textOf(first), 'Think about this.');

    const contents = [question, { role: 'model', parts }, { role: 'user', parts: [{ text: 'And this.' }] }];
    assert.equal(textOf(await send(client, { model: model('reasoning'), contents, config })), 'And this.');
  });

  test(`thoughts that nobody asked for are not told (stream: ${stream})`, async () => {
    const { client } = createClient();
    const answer = await send(client, { model: model('reasoning'), contents: 'Think about this.', config: { maxOutputTokens: 4000 } });

    assert.equal(textOf(answer), 'Think about this.');
    assert.ok(partsOf(answer).every(({ thought, text }) => !thought || text === ''));
  });

  for (const [name, schema] of [
    ['responseSchema', {
      type: Type.OBJECT,
      properties: { name: { type: Type.STRING }, sizes: { type: Type.ARRAY, items: { type: Type.INTEGER } } },
      required: ['name', 'sizes'],
      propertyOrdering: ['name', 'sizes'],
    }],
    ['responseJsonSchema', {
      type: 'object',
      properties: { name: { type: 'string' }, sizes: { type: 'array', items: { type: 'integer' } } },
      required: ['name', 'sizes'],
      additionalProperties: false,
    }],
  ]) {
    test(`a ${name} is filled (stream: ${stream})`, async () => {
      const { client } = createClient();
      const config = { responseMimeType: 'application/json', [name]: schema };
      const shirt = JSON.parse(textOf(await send(client, { model: model('json'), contents: 'A shirt, please.', config })));

      assert.equal(typeof shirt.name, 'string');
      assert.ok(shirt.sizes.every(Number.isInteger));
    });
  }
}
