// OpenAI's own SDK for Node, through the gateway and past it, with the same results.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import {
  all, apiKey, asking, baseURL, counting, mockText, mockURL, pennilessKey, personSchema, question, seen, seenLeaving,
  weatherSchema,
} from './gateway.mjs';

const gateway = new OpenAI({ baseURL, apiKey });
const provider = new OpenAI({ baseURL: mockURL, apiKey: 'sk-any' });
const weather = {
  type: 'function',
  function: { name: 'get_weather', description: 'The weather of a city now.', strict: true, parameters: weatherSchema },
};
const person = { type: 'json_schema', json_schema: { name: 'person', strict: true, schema: personSchema } };

const create = (client, model, options = {}) =>
  client.chat.completions.create({ model, messages: asking(), ...options });
const stream = async (client, model, options = {}) => all(await create(client, model, { stream: true, ...options }));
const textOf = (chunks) =>
  chunks.flatMap((chunk) => chunk.choices).map((choice) => choice.delta.content ?? '').join('');

function callsOf(chunks) {
  const calls = [];
  for (const piece of chunks.flatMap((c) => c.choices).flatMap((c) => c.delta.tool_calls ?? [])) {
    calls[piece.index] ??= { name: '', arguments: '' };
    calls[piece.index].name += piece.function.name ?? '';
    calls[piece.index].arguments += piece.function.arguments ?? '';
  }
  return calls;
}

async function failure(model, { client = new OpenAI({ baseURL, apiKey, maxRetries: 0 }), ...options } = {}) {
  try {
    if (options.stream) await stream(client, model, options);
    else await create(client, model, options);
  } catch (error) {
    return error;
  }
  assert.fail(`${model} did not fail`);
}

test('a plain answer is the provider’s own', async () => {
  const through = await create(gateway, 'mock:chat');
  assert.deepEqual(through, await create(provider, 'chat'));
  assert.equal(through.choices[0].message.content, mockText);
});

for (const name of ['mock:chat', 'mock/chat', 'best']) {
  test(`the name ${name} reaches the model`, async () => {
    assert.equal((await create(gateway, name)).choices[0].message.content, mockText);
  });
}

// FAILURES 4, 7, 10: no choices in the first chunk; five scripts; comments between the events.
for (const model of ['chat', 'azure', 'commented']) {
  test(`a streamed answer is the provider’s own: ${model}`, async () => {
    const through = await stream(gateway, `mock:${model}`);
    assert.deepEqual(through, await stream(provider, model));
    assert.equal(textOf(through), mockText);
    assert.equal(through.at(-1).choices[0].finish_reason, 'stop');
  });
}

// FAILURES 11 (c): a last event without its blank line, and no [DONE], is still a whole answer.
test('a stream without its last line end is whole', async () => {
  const through = await stream(gateway, 'mock:unfinished');
  assert.equal(textOf(through), mockText);
  assert.equal(through.at(-1).choices[0].finish_reason, 'stop');
});

for (const model of ['mock:chat', 'sandbox:echo']) {
  // FAILURES 1: the gateway asks for usage to meter the call, and the client does not see that it did.
  test(`usage comes in a stream only when asked for: ${model}`, async () => {
    const unasked = await stream(gateway, model);
    assert.ok(unasked.every((chunk) => !('usage' in chunk) && chunk.choices.length === 1));
    const asked = await stream(gateway, model, { stream_options: { include_usage: true } });
    assert.deepEqual(asked.at(-1).choices, []);
    assert.ok(asked.at(-1).usage.total_tokens > 0);
    assert.equal(textOf(asked), textOf(unasked));
  });

  test(`tool calls satisfy their schema and lead to an answer: ${model}`, async () => {
    const { message } = (await create(gateway, model, { tools: [weather] })).choices[0];
    const streamed = await stream(gateway, model, { tools: [weather] });
    assert.deepEqual(
      callsOf(streamed),
      message.tool_calls.map((call) => ({ name: call.function.name, arguments: call.function.arguments })),
    );
    assert.equal(streamed.at(-1).choices[0].finish_reason, 'tool_calls');
    for (const call of message.tool_calls) {
      const parsed = JSON.parse(call.function.arguments);
      assert.equal(call.function.name, 'get_weather');
      assert.deepEqual(Object.keys(parsed).sort(), ['city', 'unit']);
      assert.ok(['celsius', 'fahrenheit'].includes(parsed.unit));
    }
    const results = message.tool_calls.map((call) => ({ role: 'tool', tool_call_id: call.id, content: '21 degrees' }));
    const answer = await create(gateway, model, { messages: [...asking(), message, ...results], tools: [weather] });
    assert.ok(answer.choices[0].message.content);
    assert.equal(answer.choices[0].finish_reason, 'stop');
  });

  test(`a structured answer satisfies its schema: ${model}`, async () => {
    const answer = await gateway.chat.completions.parse({ model, messages: asking(), response_format: person });
    const { name, age } = JSON.parse(answer.choices[0].message.content);
    assert.equal(typeof name, 'string');
    assert.ok(Number.isInteger(age));
    const runner = gateway.chat.completions.stream({ model, messages: asking(), response_format: person });
    assert.equal((await runner.finalChatCompletion()).choices[0].message.content, answer.choices[0].message.content);
  });
}

test('sandbox:echo streams what it answers plainly', async () => {
  const plain = (await create(gateway, 'sandbox:echo')).choices[0].message.content;
  assert.ok(plain.includes(question));
  assert.equal(textOf(await stream(gateway, 'sandbox:echo')), plain);
});

for (const model of ['mock:embed', 'sandbox:embed']) {
  test(`embeddings are the same as floats and in the SDK’s own encoding: ${model}`, async () => {
    const input = ['one', '둘 👋', 'three'];
    const byDefault = await gateway.embeddings.create({ model, input });
    const floats = await gateway.embeddings.create({ model, input, encoding_format: 'float' });
    assert.equal(byDefault.data.length, 3);
    byDefault.data.forEach((item, i) => {
      assert.equal(item.embedding.length, floats.data[i].embedding.length);
      item.embedding.forEach((x, j) => assert.ok(Math.abs(x - floats.data[i].embedding[j]) < 1e-6));
    });
    assert.ok(byDefault.usage.total_tokens > 0);
  });
}

test('models are listed and found', async () => {
  const listed = (await all(gateway.models.list())).map((model) => model.id);
  for (const name of ['sandbox:echo', 'sandbox:embed', 'mock:chat', 'best']) assert.ok(listed.includes(name), name);
  assert.equal((await gateway.models.retrieve('mock:chat')).id, 'mock:chat');
});

// FAILURES 17: a client that leaves a stream is noticed by the provider.
test('aborting a stream stops the provider', async () => {
  const marker = `cancel-${Date.now()}-node`;
  const chunks = await create(gateway, 'mock:endless', { messages: asking(marker), stream: true });
  for await (const _ of chunks) break;
  assert.ok(await seenLeaving(marker));
  assert.equal((await seen(marker)).calls, 1);
});

// FAILURES 17 (c): the same for a call that is not streamed and gets no byte.
test('aborting before the first byte is an abort', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 300);
  await assert.rejects(
    gateway.chat.completions.create(
      { model: 'sandbox:stall-before-headers', messages: asking() }, { signal: controller.signal }),
    OpenAI.APIUserAbortError,
  );
});

test('an unknown key is an authentication error', async () => {
  const error = await failure('mock:chat', { client: new OpenAI({ baseURL, apiKey: 'sk-mg-nobody' }) });
  assert.ok(error instanceof OpenAI.AuthenticationError, String(error));
  assert.equal(error.code, 'invalid_api_key');
  assert.ok(error.requestID);
  assert.ok(!error.message.includes('sk-mg-nobody'));
});

test('an unknown model is not found', async () => {
  const error = await failure('sandbox:ecko');
  assert.ok(error instanceof OpenAI.NotFoundError, String(error));
  assert.equal(error.code, 'model_not_found');
  assert.equal(error.param, 'model');
  assert.match(error.message, /sandbox:echo/);
});

// FAILURES 73: no credit is 402 before anything is streamed, and the SDK does not try again.
for (const streamed of [false, true]) {
  test(`an empty account is refused once${streamed ? ', streaming' : ''}`, async () => {
    const fetching = counting();
    const client = new OpenAI({ baseURL, apiKey: pennilessKey, fetch: fetching });
    const error = await failure('mock:chat', { client, stream: streamed });
    assert.equal(error.status, 402);
    assert.equal(error.code, 'insufficient_credits');
    assert.equal(fetching.requests, 1);
  });
}

for (const model of ['sandbox:error-429', 'mock:error-429']) {
  test(`a limited call is tried again after the given time: ${model}`, async () => {
    const fetching = counting();
    const began = Date.now();
    const error = await failure(model, { client: new OpenAI({ baseURL, apiKey, fetch: fetching }) });
    assert.ok(error instanceof OpenAI.RateLimitError, String(error));
    assert.equal(error.headers.get('retry-after'), '1');
    assert.equal(fetching.requests, 3);
    assert.ok(Date.now() - began > 1900);
  });
}

test('a request that the provider refuses is a bad request', async () => {
  const error = await failure('mock:error-400');
  assert.ok(error instanceof OpenAI.BadRequestError, String(error));
  assert.equal(error.param, 'temperature');
});

// FAILURES 35: an impossible number of choices is refused by the gateway itself.
test('an impossible number of choices is a bad request', async () => {
  const error = await failure('mock:chat', { n: -1 });
  assert.ok(error instanceof OpenAI.BadRequestError, String(error));
  assert.equal(error.param, 'n');
});

// FAILURES 104: neither the operator's key nor the provider's own words reach a client.
for (const model of ['mock:error-401', 'mock:error-500', 'sandbox:error-500', 'sandbox:error-503']) {
  test(`a fault of the provider is a server error: ${model}`, async () => {
    const error = await failure(model);
    assert.ok(error instanceof OpenAI.InternalServerError, String(error));
    assert.equal(error.status, 502);
    assert.equal(error.code, 'upstream_error');
    assert.doesNotMatch(error.message, /sk-mock-operator|Internal detail/);
  });
}

// FAILURES 11, 12, 13 and 20: a stream that ended early, and an error or nothing under a 200, are errors.
for (const model of [
  'mock:cut', 'mock:error-frame', 'sandbox:cut', 'sandbox:cut-900', 'sandbox:error-in-stream', 'sandbox:empty',
  'sandbox:error-in-200',
]) {
  test(`a stream that fails throws: ${model}`, async () => {
    const error = await failure(model, { stream: true });
    assert.ok(error instanceof OpenAI.APIError, String(error));
    assert.doesNotMatch(error.message, /sk-mock-operator/);
  });
}
