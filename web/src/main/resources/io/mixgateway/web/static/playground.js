// The playground: ordinary calls to /v1 with a key made for this session. The key's secret stays in this module's memory.

const form = document.getElementById('playground');
const language = document.documentElement.lang;
const numbers = new Intl.NumberFormat(language);
let key = null;
let running = [];

async function secret() {
  if (key && new Date(key.expires_at) - Date.now() > 60_000) return key.secret;
  const answer = await fetch(form.dataset.key, { method: 'POST' });
  if (answer.redirected || answer.status === 401) { location.reload(); return new Promise(() => {}); }
  if (!answer.ok) throw new Error(`${answer.status}`);
  key = await answer.json();
  return key.secret;
}

function body(model) {
  const messages = [];
  if (form.system.value.trim()) messages.push({ role: 'system', content: form.system.value });
  messages.push({ role: 'user', content: form.prompt.value });
  const call = { model, messages, stream: true, stream_options: { include_usage: true } };
  if (form.temperature.value !== '') call.temperature = Number(form.temperature.value);
  if (form.max.value !== '') call.max_tokens = Number(form.max.value);
  return call;
}

/** Events of a stream, cut as the WHATWG says: by blank lines, whatever the pieces they come in. */
async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    const lines = rest.split(/\r\n|\n|\r/);
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith('data:')) yield line.slice(5).trimStart();
    }
  }
}

const millis = ms => ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;

async function call(place, model, aborter) {
  const part = name => place.querySelector(`[data-${name}]`);
  const text = part('text');
  part('name').textContent = model;
  text.textContent = form.dataset.waiting;
  text.classList.add('quiet');
  part('facts').hidden = true;
  part('receipt').hidden = true;
  for (const name of ['input', 'output', 'first', 'whole', 'cost']) part(name).textContent = '–';
  place.setAttribute('aria-busy', 'true');
  const began = performance.now();
  let generation = null;
  let said = '';
  try {
    const answer = await fetch(`${new URL(form.dataset.base).pathname}/chat/completions`, {
      method: 'POST',
      signal: aborter.signal,
      credentials: 'omit',
      headers: { 'authorization': `Bearer ${await secret()}`, 'content-type': 'application/json' },
      body: JSON.stringify(body(model)),
    });
    generation = answer.headers.get('x-mixgateway-generation');
    if (!answer.ok) throw new Error((await answer.json()).error?.message ?? `${answer.status}`);
    for await (const data of events(answer.body)) {
      if (data === '[DONE]') break;
      const chunk = JSON.parse(data);
      if (chunk.error) throw new Error(chunk.error.message);
      const piece = chunk.choices?.[0]?.delta?.content;
      if (piece) {
        if (!said) {
          text.classList.remove('quiet');
          part('first').textContent = millis(performance.now() - began);
        }
        said += piece;
        text.textContent = said;
      }
      if (chunk.usage) {
        part('input').textContent = numbers.format(chunk.usage.prompt_tokens);
        part('output').textContent = numbers.format(chunk.usage.completion_tokens);
      }
    }
    if (!said) text.textContent = '';
  } catch (fault) {
    if (fault.name === 'AbortError') {
      text.textContent = said + (said ? ' ' : '') + `[${form.dataset.stopped}]`;
    } else {
      text.textContent = `${said}${said ? '\n' : ''}${form.dataset.failed}: ${fault.message}`;
    }
    text.classList.remove('quiet');
  }
  part('whole').textContent = millis(performance.now() - began);
  part('facts').hidden = false;
  place.removeAttribute('aria-busy');
  if (generation) receipt(part, generation);
}

/** What the gateway itself counted and charged, as soon as it is booked. */
async function receipt(part, generation) {
  const link = part('receipt');
  link.href = `${form.dataset.receipts}/${generation}`;
  for (let i = 0; i < 20; i++) {
    await new Promise(done => setTimeout(done, 250));
    const answer = await fetch(`/api/v1/generations/${generation}`, {
      credentials: 'omit',
      headers: { authorization: `Bearer ${await secret()}` },
    });
    if (!answer.ok) continue;
    const booked = await answer.json();
    const usage = booked.usage;
    part('input').textContent = numbers.format(usage.input + usage.cache_read + usage.cache_write);
    part('output').textContent = numbers.format(usage.output + usage.reasoning);
    part('cost').textContent = new Intl.NumberFormat(language, { style: 'currency', currency: booked.currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: 2, maximumFractionDigits: 9 }).format(booked.cost);
    link.hidden = false;
    return;
  }
}

function code() {
  const call = body(form.model.value);
  document.getElementById('code').textContent =
    `curl -N ${form.dataset.base}/chat/completions \\\n  -H "Authorization: Bearer $MIXGATEWAY_API_KEY" \\\n` +
    `  -H "Content-Type: application/json" \\\n  -d '${JSON.stringify(call, null, 2).replaceAll("'", "'\\''")}'`;
}

function busy(yes) {
  document.getElementById('send').disabled = yes;
  document.getElementById('stop').disabled = !yes;
}

if (form) {
  form.hidden = false;
  const places = [1, 2].map(i => document.getElementById(`answer-${i}`));
  const columns = () => {
    places[0].querySelector('[data-name]').textContent = form.model.value;
    places[1].querySelector('[data-name]').textContent = form.second.value;
    places[1].hidden = !form.second.value;
  };
  form.addEventListener('input', () => { code(); if (!running.length) columns(); });
  form.addEventListener('submit', async event => {
    event.preventDefault();
    columns();
    busy(true);
    const models = [form.model.value, form.second.value].filter(Boolean);
    running = models.map(() => new AbortController());
    await secret().catch(() => {});
    await Promise.allSettled(models.map((model, i) => call(places[i], model, running[i])));
    running = [];
    busy(false);
  });
  document.getElementById('stop').addEventListener('click', () => running.forEach(aborter => aborter.abort()));
  document.getElementById('clear').addEventListener('click', () => {
    form.prompt.value = '';
    for (const place of places) {
      const text = place.querySelector('[data-text]');
      text.textContent = form.dataset.empty;
      text.classList.add('quiet');
      place.querySelector('[data-facts]').hidden = true;
    }
    form.prompt.focus();
    code();
  });
  form.prompt.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !running.length) form.requestSubmit();
  });
  code();
}
