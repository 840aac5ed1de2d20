// Talks to the demo's endpoints.

export async function get(path, params) {
  const answer = await fetch(`/demo/${path}?${new URLSearchParams(params ?? {})}`, { headers: { Accept: 'application/json' } });
  return read(answer);
}

export async function act(path, body) {
  const answer = await fetch(`/demo/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  return read(answer);
}

async function read(answer) {
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const err = new Error(answer.status === 413 ? '大きすぎます。10 MB までのものを送れます。' : body.error ?? `HTTP ${answer.status}`);
    err.status = answer.status;
    throw err;
  }
  return body;
}

/** Runs fn once for many calls close together, and never twice at a time. */
export function gathered(fn, wait = 40) {
  let timer = 0, running = false, again = false;
  const run = async () => {
    timer = 0;
    if (running) { again = true; return; }
    running = true;
    try { await fn(); } catch { /* the next change, or the next connection, reads again */ } finally {
      running = false;
      if (again) { again = false; later(); }
    }
  };
  const later = () => { if (!timer) timer = setTimeout(run, wait); };
  return later;
}

/** Listens to changes; onOpen is called at each (re)connection. */
export function listen(onChange, onOpen, onLost) {
  const source = new EventSource('/demo/events');
  source.addEventListener('open', onOpen);
  source.addEventListener('error', onLost);
  source.addEventListener('message', (e) => onChange(JSON.parse(e.data)));
}

export async function base64(blob) {
  const url = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
  return url.slice(url.indexOf(',') + 1);
}
