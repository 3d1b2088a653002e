import { GoogleGenAI } from '@google/genai';
import assert from 'node:assert/strict';
import { baseURL, checkCost, inferenceKey, overWire } from '../router.mjs';

// A client as an application makes it (the SDK adds /v1beta/models/... to its base URL), and every HTTP request that it sends.
export function createClient({ root = baseURL.replace(/\/api\/v1$/, ''), ...options } = {}) {
  const requests = [];
  const recording = async (url, init) => {
    const response = await fetch(url, init);
    requests.push({ url: String(url), body: init?.body, status: response.status, headers: response.headers });
    return response;
  };
  const client = new GoogleGenAI({ apiKey: inferenceKey, httpOptions: { baseUrl: root, fetch: recording }, ...options });
  return { client, requests };
}

export async function collect(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

export const partsOf = (pieces) => [pieces].flat().flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
export const textOf = (pieces) => partsOf(pieces).filter(({ thought }) => !thought).map(({ text }) => text ?? '').join('');
export const callsOf = (pieces) => partsOf(pieces).flatMap(({ functionCall }) => functionCall ?? []);
export const last = (pieces) => [pieces].flat().at(-1);

// Google counts cached tokens inside the prompt, and thoughts beside the candidates.
export function checkUsage(usage) {
  assert.ok(usage, 'usageMetadata is missing');
  assert.ok(usage.promptTokenCount > 0);
  assert.ok(usage.candidatesTokenCount > 0);
  const output = usage.candidatesTokenCount + (usage.thoughtsTokenCount ?? 0);
  assert.equal(usage.totalTokenCount, usage.promptTokenCount + output);
  const cached = usage.cachedContentTokenCount ?? 0;
  assert.equal(cached, overWire ? 8 : 0);
  checkCost(usage.cost, usage.promptTokenCount, cached, output);
}
