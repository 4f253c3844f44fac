// Portkey 1.15 adds headers to the Response that fetch returned, whose headers Node does not let anybody change:
// every stream ends in a 500. Giving it a copy costs a few microseconds a request and makes it work.
const fetched = globalThis.fetch;
const Response = globalThis.Response;
globalThis.fetch = async (...call) => {
  const r = await fetched(...call);
  return new Response(r.body, { status: r.status, statusText: r.statusText, headers: new Headers(r.headers) });
};
