#!/bin/sh
# MIXGATEWAY_BASE_URL and MIXGATEWAY_API_KEY are base_url and api_key of DIR/first-run.json.
set -eu

curl -sSN --fail-with-body "$MIXGATEWAY_BASE_URL/chat/completions" \
    -H "Authorization: Bearer $MIXGATEWAY_API_KEY" \
    -H "Content-Type: application/json" \
    -d '{"model": "sandbox:echo", "stream": true, "messages": [{"role": "user", "content": "Hello, MixGateway!"}]}'
