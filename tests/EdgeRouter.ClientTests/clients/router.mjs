// What every script knows of the router under test. NodeScript.cs sets the environment.
import assert from 'node:assert/strict';

function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these scripts are run by the C# tests (scripts/test.sh --only ClientTests)`);
  return value;
}

export const baseURL = `${setting('ROUTER_URL')}/api/v1`;
export const providersURL = setting('PROVIDERS_URL');
export const inferenceKey = setting('INFERENCE_KEY');
export const managementKey = setting('MANAGEMENT_KEY');

// The upstream dialect under test; `scripted` never leaves the router's process.
export const dialect = setting('DIALECT');
export const overWire = dialect !== 'scripted';
// Whether the provider stops when its caller leaves. One that goes on, and charges, is read on by the router for its usage.
export const stopsWhenLeft = overWire && dialect !== 'gemini';
export const model = (slug) => `${dialect}/${slug}`;

const pictureBytes = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');
export const pictureDataURL = `data:image/png;base64,${pictureBytes.toString('base64')}`;
export const pictureURL = `${providersURL}/picture.png`;
export const pictureSeen = new RegExp(`image image/png ${pictureBytes.length} bytes`);
// The scripted provider looks at no URL; the others do.
export const pictureAtURLSeen = overWire ? pictureSeen : /image at a URL/;

// A text that no other script sends.
export const unique = (text) => `${text} ${process.pid}-${Math.random().toString(36).slice(2)}`;

const count = async (what, text) => Number(await (await fetch(`${providersURL}/${what}?text=${encodeURIComponent(text)}`)).text());
export const providerCalls = (text) => count('calls', text);
export const providerHangups = (text) => count('hangups', text);

// Waits until a condition holds; the deadline is only reached when it never does.
export async function eventually(condition, what) {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > deadline) assert.fail(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// Usage as it stands on the wire: sums that are sums, and the cost at the prices of the catalog.
export function checkUsage(usage) {
  assert.ok(usage, 'usage is missing');
  assert.ok(usage.prompt_tokens > 0);
  assert.ok(usage.completion_tokens > 0);
  assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
  // Every provider stub reads eight tokens from its cache.
  assert.equal(cached, overWire ? 8 : 0);
  assert.ok(cached < usage.prompt_tokens, 'the cached tokens are part of the prompt');
  checkCost(usage.cost, usage.prompt_tokens, cached, usage.completion_tokens);
}

export function checkCost(cost, prompt, cached, completion) {
  const expected = (prompt - cached) * 0.000001 + cached * 0.0000001 + completion * 0.000002;
  assert.ok(Math.abs(cost - expected) < 1e-9, `cost ${cost}, expected ${expected}`);
}
