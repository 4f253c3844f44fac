// What the tests share: where the gateway and the provider are, and what they are asked.
import process from 'node:process';

export const baseURL = process.env.MIXGATEWAY_BASE_URL;
export const apiKey = process.env.MIXGATEWAY_API_KEY;
export const pennilessKey = process.env.PENNILESS_KEY;
export const mockURL = process.env.MOCK_BASE_URL;
export const mockText = 'Grüße, 你好, 안녕, नमस्ते 👋🏽!';
export const question = 'How is the weather in Zürich, 서울 and नई दिल्ली? 🌦️';
export const asking = (content = question) => [{ role: 'user', content }];

export const weatherSchema = {
  type: 'object',
  properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
  required: ['city', 'unit'],
  additionalProperties: false,
};
export const personSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
};

/** A fetch that counts: each retry of an SDK is one more. */
export function counting() {
  const fetching = (...args) => {
    fetching.requests++;
    return fetch(...args);
  };
  fetching.requests = 0;
  return fetching;
}

/** What the provider saw of the calls whose body holds the marker. */
export async function seen(marker) {
  return (await fetch(`${new URL(mockURL).origin}/seen/${marker}`)).json();
}

/** Waits until the provider saw a client of such a call go away; whether it did within five seconds. */
export async function seenLeaving(marker) {
  for (let i = 0; i < 250; i++) {
    if ((await seen(marker)).left > 0) return true;
    await new Promise((wake) => setTimeout(wake, 20));
  }
  return false;
}

/** Everything that an async iterable gives. */
export async function all(iterable) {
  const list = [];
  for await (const item of iterable) list.push(item);
  return list;
}
