// What goes in and out beside text: pictures, structured output, reasoning.
import assert from 'node:assert/strict';
import test from 'node:test';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { checkUsage, model, pictureAtURLSeen, pictureDataURL, pictureSeen, pictureURL } from '../router.mjs';
import { collect, createClient, textOf } from './client.mjs';

const looking = (...urls) => [{ role: 'user', content: [{ type: 'text', text: 'Look:' }, ...urls.map((url) => ({ type: 'image_url', image_url: { url, detail: 'low' } }))] }];

test('a picture arrives as base64', async () => {
  const { client } = createClient();
  const { choices } = await client.chat.completions.create({ model: model('image'), messages: looking(pictureDataURL) });

  assert.match(choices[0].message.content, pictureSeen);
});

test('pictures arrive as base64 and as URL in one message, streamed', async () => {
  const { client } = createClient();
  const chunks = await collect(await client.chat.completions.create({ model: model('image'), messages: looking(pictureDataURL, pictureURL), stream: true }));

  assert.match(textOf(chunks), new RegExp(`${pictureSeen.source}; ${pictureAtURLSeen.source}$`));
});

const Recipe = z.object({
  name: z.string(),
  minutes: z.int(),
  vegan: z.boolean(),
  kind: z.enum(['starter', 'main']),
  steps: z.array(z.object({ text: z.string(), grams: z.number() })),
});

test('parse fills the schema of zod', async () => {
  const { client } = createClient();
  const { choices, usage } = await client.chat.completions.parse({
    model: model('json'),
    messages: [{ role: 'user', content: 'A recipe, please.' }],
    response_format: zodResponseFormat(Recipe, 'recipe'),
  });

  const recipe = choices[0].message.parsed;
  assert.equal(recipe.kind, 'starter');
  assert.equal(typeof recipe.steps[0].text, 'string');
  checkUsage(usage);
});

test('the stream helper parses what is streamed', async () => {
  const { client } = createClient();
  const stream = client.chat.completions.stream({
    model: model('json'),
    messages: [{ role: 'user', content: 'A recipe, please.' }],
    response_format: zodResponseFormat(Recipe, 'recipe'),
  });
  const { choices } = await stream.finalChatCompletion();

  assert.ok(Recipe.safeParse(choices[0].message.parsed).success);
});

for (const stream of [false, true]) {
  test(`reasoning is told apart from the answer (stream: ${stream})`, async () => {
    const { client } = createClient();
    const answer = await client.chat.completions.create({
      model: model('reasoning'),
      messages: [{ role: 'user', content: 'Think about this.' }],
      reasoning_effort: 'high',
      stream,
    });
    // `reasoning` is OpenRouter's addition: the client hands it on untyped.
    const messages = stream ? (await collect(answer)).map((chunk) => chunk.choices[0]?.delta ?? {}) : [answer.choices[0].message];

    assert.equal(messages.map((message) => message.content ?? '').join(''), 'Think about this.');
    assert.match(messages.map((message) => message.reasoning ?? '').join(''), /^The user said something\./);
    if (!stream) checkUsage(answer.usage);
  });

  test(`excluded reasoning is not told (stream: ${stream})`, async () => {
    const { client } = createClient();
    const answer = await client.chat.completions.create({
      model: model('reasoning'),
      messages: [{ role: 'user', content: 'Keep it to yourself.' }],
      reasoning: { effort: 'low', exclude: true },
      stream,
    });
    const messages = stream ? (await collect(answer)).map((chunk) => chunk.choices[0]?.delta ?? {}) : [answer.choices[0].message];

    assert.equal(messages.map((message) => message.content ?? '').join(''), 'Keep it to yourself.');
    assert.ok(messages.every((message) => !('reasoning' in message) && !('reasoning_details' in message)));
  });
}
