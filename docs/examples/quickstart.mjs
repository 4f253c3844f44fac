// npm install openai; MIXGATEWAY_BASE_URL and MIXGATEWAY_API_KEY are base_url and api_key of DIR/first-run.json.
import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: process.env.MIXGATEWAY_BASE_URL,
  apiKey: process.env.MIXGATEWAY_API_KEY,
});

const stream = await client.chat.completions.create({
  model: 'sandbox:echo',
  messages: [{ role: 'user', content: 'Hello, MixGateway!' }],
  stream: true,
});
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0].delta.content ?? '');
}
console.log();
