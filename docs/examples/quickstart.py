"""pip install openai; MIXGATEWAY_BASE_URL and MIXGATEWAY_API_KEY are base_url and api_key of DIR/first-run.json."""

import os

from openai import OpenAI

client = OpenAI(base_url=os.environ["MIXGATEWAY_BASE_URL"], api_key=os.environ["MIXGATEWAY_API_KEY"])

stream = client.chat.completions.create(
    model="sandbox:echo",
    messages=[{"role": "user", "content": "Hello, MixGateway!"}],
    stream=True,
)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
