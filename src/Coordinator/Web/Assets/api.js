// Talks to the coordinator. The token lives in sessionStorage: this tab, until it is closed.
const key = 'lopt-token';
const silence = 8000;
const longestWait = 10;

export const token = {
  get value() { return sessionStorage.getItem(key); },
  set(value) { if (value) sessionStorage.setItem(key, value); else sessionStorage.removeItem(key); },
};

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export async function call(path, options = {}) {
  const headers = token.value ? { authorization: `Bearer ${token.value}` } : {};
  const response = await fetch(path, { ...options, headers, cache: 'no-store', credentials: 'omit' });
  if (response.ok) return response;
  const body = await response.json().catch(() => ({}));
  throw new Refused(response.status, body.error ?? `The coordinator answers ${response.status}.`);
}

export const getJson = async path => (await call(path)).json();

export const post = path => call(path, { method: 'POST' });

// Saves what is at the path as a file, with the token that a plain link could not carry.
export async function download(path) {
  const response = await call(path);
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'theta.safetensors';
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

// Server-sent events by fetch: EventSource cannot send the authorization header. Comes back by itself, and says each second how it stands.
export class LiveConnection {
  #timer;
  #abort;

  constructor({ onEvent, onOpen, onLost, onRefused }) {
    Object.assign(this, { onEvent, onOpen, onLost, onRefused });
    // A laptop that wakes up, a tab that is looked at again: no reason to wait.
    addEventListener('online', () => this.#hurry());
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.#hurry(); });
  }

  async start() {
    this.stop();
    const abort = this.#abort = new AbortController();
    let attempts = 0, lostAt = 0;
    while (!abort.signal.aborted) {
      try {
        await this.#read(abort.signal, () => { attempts = 0; lostAt = 0; });
      } catch (error) {
        if (abort.signal.aborted) return;
        if (error instanceof Refused && [401, 403].includes(error.status)) {
          this.onRefused(error);
          return;
        }
      }
      if (abort.signal.aborted) return;
      lostAt ||= Date.now();
      attempts++;
      await this.#wait(Math.min(longestWait, 2 ** (attempts - 1)) * (0.8 + 0.4 * Math.random()), lostAt, abort.signal);
    }
  }

  stop() {
    this.#abort?.abort();
  }

  async #read(signal, opened) {
    const attempt = new AbortController();
    const giveUp = () => attempt.abort();
    signal.addEventListener('abort', giveUp);
    let watchdog = setTimeout(giveUp, silence);
    try {
      const response = await call('api/live', { signal: attempt.signal });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let buffer = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(watchdog);
        watchdog = setTimeout(giveUp, silence);
        buffer += value;
        const events = buffer.split('\n\n');
        buffer = events.pop();
        for (const text of events) {
          opened();
          this.onOpen();
          this.onEvent(JSON.parse(text.slice('data: '.length)));
        }
      }
    } finally {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', giveUp);
      attempt.abort();
    }
  }

  #wait(seconds, lostAt, signal) {
    return new Promise(resolve => {
      const until = Date.now() + seconds * 1000;
      const done = () => {
        clearInterval(this.#timer);
        this.#hurry = () => {};
        resolve();
      };
      const tell = () => {
        if (signal.aborted || Date.now() >= until) done();
        else this.onLost(Math.round((Date.now() - lostAt) / 1000), Math.ceil((until - Date.now()) / 1000));
      };
      this.#hurry = done;
      this.#timer = setInterval(tell, 500);
      tell();
    });
  }

  #hurry = () => {};
}
