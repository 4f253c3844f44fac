// Vercel's AI SDK with its provider for any compatible API and its provider for OpenAI.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, Output, RetryError, embedMany, generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import {
  all, apiKey, baseURL, counting, mockText, mockURL, pennilessKey, personSchema, question, seenLeaving, weatherSchema,
} from './gateway.mjs';

const compatible = (url, key, options = {}) =>
  createOpenAICompatible({ name: 'mixgateway', baseURL: url, apiKey: key, supportsStructuredOutputs: true, ...options });
const openai = (url, key, options = {}) => ({
  chatModel: createOpenAI({ baseURL: url, apiKey: key, ...options }).chat,
  embeddingModel: createOpenAI({ baseURL: url, apiKey: key, ...options }).embedding,
});
const weather = tool({ description: 'The weather of a city now.', inputSchema: jsonSchema(weatherSchema), execute: async () => '21 degrees' });

async function failure(action) {
  try {
    await action();
  } catch (error) {
    return error;
  }
  assert.fail('it did not fail');
}

for (const [kind, make] of [['openai-compatible', compatible], ['openai', openai]]) {
  const gateway = make(baseURL, apiKey);
  const provider = make(mockURL, 'sk-any');

  test(`${kind}: a plain answer is the provider’s own`, async () => {
    const through = await generateText({ model: gateway.chatModel('mock:chat'), prompt: question });
    const past = await generateText({ model: provider.chatModel('chat'), prompt: question });
    assert.equal(through.text, mockText);
    assert.equal(through.text, past.text);
    assert.equal(through.finishReason, past.finishReason);
    assert.deepEqual(through.usage, past.usage);
    assert.deepEqual(through.response.body, past.response.body);
  });

  // FAILURES 4 and 10: no choices in the first chunk; comments between the events.
  for (const model of ['chat', 'azure', 'commented']) {
    test(`${kind}: a streamed answer is the provider’s own: ${model}`, async () => {
      const through = streamText({ model: gateway.chatModel(`mock:${model}`), prompt: question });
      const past = streamText({ model: provider.chatModel(model), prompt: question });
      assert.deepEqual(await all(through.textStream), await all(past.textStream));
      assert.equal(await through.text, mockText);
      assert.equal(await through.finishReason, 'stop');
      assert.deepEqual(await through.usage, await past.usage);
    });
  }

  for (const model of ['mock:chat', 'sandbox:echo']) {
    test(`${kind}: tools are called, plain and streamed, and their results answered: ${model}`, async () => {
      const asked = {
        model: gateway.chatModel(model), prompt: question, tools: { get_weather: weather }, stopWhen: stepCountIs(2),
      };
      const plain = await generateText(asked);
      assert.equal(plain.steps.length, 2);
      assert.ok(plain.steps[0].toolCalls.every((call) => ['celsius', 'fahrenheit'].includes(call.input.unit)));
      assert.ok(plain.text);
      const streamed = streamText(asked);
      await streamed.consumeStream();
      const steps = await streamed.steps;
      assert.deepEqual(steps[0].toolCalls.map((call) => call.input), plain.steps[0].toolCalls.map((call) => call.input));
      assert.equal(await streamed.text, plain.text);
    });

    test(`${kind}: an object satisfies its schema, plain and streamed: ${model}`, async () => {
      const output = Output.object({ schema: jsonSchema(personSchema) });
      const asked = { model: gateway.chatModel(model), prompt: question, output };
      const plain = (await generateText(asked)).output;
      assert.equal(typeof plain.name, 'string');
      assert.ok(Number.isInteger(plain.age));
      const streamed = streamText(asked);
      await streamed.consumeStream();
      assert.deepEqual(await streamed.output, plain);
    });
  }

  for (const model of ['mock:embed', 'sandbox:embed']) {
    test(`${kind}: embeddings: ${model}`, async () => {
      const { embeddings, usage } = await embedMany({ model: gateway.embeddingModel(model), values: ['one', '둘 👋'] });
      assert.equal(embeddings.length, 2);
      assert.ok(embeddings[0].length > 2 && usage.tokens > 0);
    });
  }

  test(`${kind}: an unknown key and an unknown model are refused without retries`, async () => {
    for (const [key, model, status, code] of [
      ['sk-mg-nobody', 'mock:chat', 401, 'invalid_api_key'], [apiKey, 'sandbox:ecko', 404, 'model_not_found'],
    ]) {
      const fetching = counting();
      const client = make(baseURL, key, { fetch: fetching });
      const error = await failure(() => generateText({ model: client.chatModel(model), prompt: question }));
      assert.ok(APICallError.isInstance(error), String(error));
      assert.equal(error.statusCode, status);
      assert.equal(error.data.error.code, code);
      assert.equal(fetching.requests, 1);
    }
  });

  // FAILURES 73: no credit is 402, and the SDK does not try again.
  test(`${kind}: an empty account is refused once`, async () => {
    const fetching = counting();
    const client = make(baseURL, pennilessKey, { fetch: fetching });
    const error = await failure(() => generateText({ model: client.chatModel('mock:chat'), prompt: question }));
    assert.equal(error.statusCode, 402);
    assert.equal(error.data.error.code, 'insufficient_credits');
    assert.equal(fetching.requests, 1);
  });

  test(`${kind}: a limited call is tried again after the given time`, async () => {
    const fetching = counting();
    const client = make(baseURL, apiKey, { fetch: fetching });
    const began = Date.now();
    const error = await failure(() => generateText({ model: client.chatModel('sandbox:error-429'), prompt: question, maxRetries: 1 }));
    assert.ok(RetryError.isInstance(error), String(error));
    assert.equal(error.lastError.statusCode, 429);
    assert.equal(fetching.requests, 2);
    assert.ok(Date.now() - began > 950);
  });

  // FAILURES 11 and 12: a stream that ended early is never a finished answer, and its error is raised. @ai-sdk/openai reads
  // over an `error` that stands beside `choices`; it raises the one that comes alone after it.
  for (const model of ['mock:error-frame', 'mock:cut', 'sandbox:error-in-stream', 'sandbox:cut-900']) {
    test(`${kind}: a stream that fails midway is not a finished answer: ${model}`, async () => {
      const result = streamText({
        model: gateway.chatModel(model), prompt: question, maxRetries: 0, onError: () => {},
      });
      const parts = await all(result.fullStream).catch((error) => [{ type: 'error', error }]);
      assert.ok(parts.some((part) => part.type === 'error'), JSON.stringify(parts.at(-1)));
      assert.ok(!parts.some((part) => part.type === 'finish' && part.finishReason === 'stop'));
    });
  }

  // FAILURES 17: a client that leaves a stream is noticed by the provider.
  test(`${kind}: aborting a stream stops the provider`, async () => {
    const marker = `cancel-${Date.now()}-${kind}`;
    const controller = new AbortController();
    const result = streamText({
      model: gateway.chatModel('mock:endless'), prompt: marker, abortSignal: controller.signal, onError: () => {},
    });
    for await (const _ of result.textStream) {
      controller.abort();
      break;
    }
    assert.ok(await seenLeaving(marker));
  });
}
