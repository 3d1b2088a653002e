import Anthropic from '@anthropic-ai/sdk';
import assert from 'node:assert/strict';
import { baseURL, checkCost, inferenceKey, overWire } from '../router.mjs';

// A client as an application makes it (the SDK adds /v1/messages to its base URL), and every HTTP request that it sends.
export function createClient(options = {}) {
  const requests = [];
  const client = new Anthropic({
    baseURL: baseURL.replace(/\/v1$/, ''),
    apiKey: inferenceKey,
    authToken: null,
    ...options,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      requests.push({ url: String(url), body: init.body, status: response.status, headers: response.headers });
      return response;
    },
  });
  return { client, requests };
}

export async function collect(stream) {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
}

export const textOf = (message) => message.content.filter(({ type }) => type === 'text').map(({ text }) => text).join('');

// Anthropic's classes of tokens are disjoint, and every key is there.
export function checkUsage(usage) {
  for (const key of ['output_tokens_details', 'cache_creation_input_tokens', 'cache_read_input_tokens', 'cache_creation', 'inference_geo', 'server_tool_use', 'service_tier'])
    assert.ok(key in usage, `${key} is missing`);
  assert.ok(usage.input_tokens > 0);
  assert.ok(usage.output_tokens > 0);
  assert.equal(usage.cache_read_input_tokens ?? 0, overWire ? 8 : 0);
  if ('cost' in usage) checkCost(usage.cost, usage.input_tokens + (usage.cache_read_input_tokens ?? 0), usage.cache_read_input_tokens ?? 0, usage.output_tokens);
}
