import OpenAI from 'openai';
import { baseURL, inferenceKey } from '../router.mjs';

// A client as an application makes it, and every HTTP request that it sends.
export function createClient(options = {}) {
  const requests = [];
  const client = new OpenAI({
    baseURL,
    apiKey: inferenceKey,
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
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

export const textOf = (chunks) => chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
