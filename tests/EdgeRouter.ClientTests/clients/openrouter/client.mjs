import { HTTPClient, OpenRouter } from '@openrouter/sdk';
import { baseURL, checkUsage, inferenceKey } from '../router.mjs';

// A client as an application makes it, and the status of every HTTP request that it sends.
export function createClient(options = {}) {
  const statuses = [];
  const httpClient = new HTTPClient({
    fetcher: async (request) => {
      const response = await fetch(request);
      statuses.push(response.status);
      return response;
    },
  });
  return { client: new OpenRouter({ serverURL: baseURL, apiKey: inferenceKey, httpClient, ...options }), statuses };
}

export const send = (client, chatRequest, options) => client.chat.send({ chatRequest }, options);

export async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

export const textOf = (chunks) => chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
export const finishReasonsOf = (chunks) => chunks.map((chunk) => chunk.choices[0]?.finishReason).filter(Boolean);

// The client's names back to the wire's.
export function checkClientUsage(usage) {
  checkUsage(usage && {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.totalTokens,
    prompt_tokens_details: { cached_tokens: usage.promptTokensDetails?.cachedTokens },
    cost: usage.cost,
  });
}
