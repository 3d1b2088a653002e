// The resources beside chat. The catalog holds hundreds of models of the providers under test: all must parse.
import assert from 'node:assert/strict';
import test from 'node:test';
import { dialect, managementKey, model } from '../router.mjs';
import { collect, createClient, send } from './client.mjs';

test('models: every one parses, the list and the count agree, and one can be fetched', async () => {
  const { client } = createClient();
  const models = [];
  for await (const page of await client.models.list({})) models.push(...page.result.data);
  const { data } = await client.models.count({});
  assert.equal(models.length, data.count);
  assert.ok(models.length > 40, `${models.length} models`);

  const listed = models.find(({ id }) => id === model('echo'));
  const fetched = await client.models.get({ author: dialect, slug: 'echo' });
  assert.deepEqual(fetched.data, listed);
  assert.equal(listed.pricing.prompt, '0.000001');
  assert.ok(listed.supportedParameters.includes('tools'));
});

test('models: filters, sorts and pages', async () => {
  const { client } = createClient();
  const first = async (request) => {
    for await (const page of await client.models.list(request)) return page.result;
  };
  const { data } = await first({ sort: 'pricing-high-to-low', limit: 5 });
  assert.equal(data.length, 5);
  // In whole units of 1e-12 USD: sums of such fractions are not exact.
  const average = (listed) => Math.round((Number(listed.pricing.prompt) + Number(listed.pricing.completion)) * 1e12) / 2;
  assert.deepEqual(data.map(average), data.map(average).toSorted((a, b) => b - a));

  const reasoning = await first({ supportedParameters: 'reasoning' });
  assert.ok(reasoning.data.length > 0 && reasoning.data.every((listed) => listed.supportedParameters.includes('reasoning')));

  const paged = [];
  for await (const page of await client.models.list({ limit: 10 })) paged.push(...page.result.data.map(({ id }) => id));
  assert.equal(new Set(paged).size, (await client.models.count({})).data.count);
});

test('endpoints: those of every listed model parse', async () => {
  const { client } = createClient();
  const { data } = await client.endpoints.list({ author: dialect, slug: 'echo' });
  assert.equal(data.id, model('echo'));
  assert.equal(data.endpoints.length, 1);
  assert.equal(data.endpoints[0].modelId, model('echo'));
  assert.equal(data.endpoints[0].pricing.completion, '0.000002');

  for await (const page of await client.models.list({})) {
    for (const { id } of page.result.data) {
      const [author, ...slug] = id.split('/');
      const { data } = await client.endpoints.list({ author, slug: slug.join('/') });
      assert.ok(data.endpoints.length > 0, id);
    }
  }
});

test('providers: all parse, with those that serve here', async () => {
  const { client } = createClient();
  const { data } = await client.providers.list();
  const slugs = data.map((provider) => provider.slug);
  for (const slug of ['scripted', 'openai', 'deepseek', 'anthropic', 'google-ai-studio']) assert.ok(slugs.includes(slug), slug);
});

test('key and credits: both parse, and rise by what a call cost', async () => {
  const { client } = createClient();
  const { client: manager } = createClient({ apiKey: managementKey });
  const before = (await client.apiKeys.getCurrentKeyMetadata()).data;
  const creditsBefore = (await manager.credits.getCredits()).data;
  assert.equal(before.isManagementKey, false);
  assert.equal(creditsBefore.totalCredits, 100);
  assert.equal((await manager.apiKeys.getCurrentKeyMetadata()).data.isManagementKey, true);

  const { id, usage } = await send(client, { model: model('echo'), messages: [{ role: 'user', content: 'What does this cost?' }] });
  // Once its record is read back, it is in the sums. Others use the same key meanwhile: at least so much.
  await client.generations.getGeneration({ id });
  const after = (await client.apiKeys.getCurrentKeyMetadata()).data;
  const creditsAfter = (await manager.credits.getCredits()).data;
  const slack = 1e-9;
  assert.ok(after.usage >= before.usage + usage.cost - slack);
  assert.ok(after.usageDaily > 0 && after.usageMonthly >= after.usageDaily - slack);
  assert.ok(creditsAfter.totalUsage >= creditsBefore.totalUsage + usage.cost - slack);
});

test('the record of a streamed generation can be read at once', async () => {
  const { client } = createClient();
  const chunks = await collect(await send(client, { model: model('echo'), messages: [{ role: 'user', content: 'Right now.' }], stream: true }));
  const { data } = await client.generations.getGeneration({ id: chunks[0].id });
  assert.equal(data.streamed, true);
});
