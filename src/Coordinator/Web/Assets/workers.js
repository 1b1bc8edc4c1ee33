// The worker table: a page at a time from the coordinator, so that ten thousand workers are no more work than ten.
import { getJson } from './api.js';
import { byId, make, pager, put, setText } from './dom.js';
import { count, plural, unknown } from './words.js';

const limit = 12;
const order = ['lost', 'unrolling', 'evaluating', 'replaying', 'auditing', 'waiting', 'joining', 'draining'];

export class Workers {
  #query = { search: '', state: '', sort: '', descending: false, offset: 0 };
  #asked = 0;
  #counts = {};
  #finished = false;

  constructor() {
    let typing;
    byId('worker-search').addEventListener('input', e => {
      clearTimeout(typing);
      typing = setTimeout(() => this.#change({ search: e.target.value, offset: 0 }), 200);
    });
    for (const head of document.querySelectorAll('[data-sort]')) {
      const button = make('button', { type: 'button' }, head.textContent);
      head.replaceChildren(button);
      button.addEventListener('click', () => this.#sort(head));
    }
  }

  show(status) {
    this.#counts = status.workers;
    this.#finished = status.state === 'finished';
    this.#chips();
    this.refresh();
  }

  // A slow answer never overwrites a newer one.
  async refresh() {
    const asked = ++this.#asked;
    const q = this.#query;
    try {
      const page = await getJson(`api/workers?${new URLSearchParams({ ...q, limit })}`);
      if (asked === this.#asked) this.#rows(page);
    } catch {
      // The live connection says it when the coordinator is gone.
    }
  }

  #change(part) {
    this.#query = { ...this.#query, ...part };
    this.#chips();
    this.refresh();
  }

  // Falling first for numbers, rising for words; a third click goes back to the lost ones first.
  #sort(head) {
    const column = head.dataset.sort, isNumber = head.classList.contains('number');
    const { sort, descending } = this.#query;
    const next = sort !== column ? { sort: column, descending: isNumber } : descending === isNumber ? { sort: column, descending: !isNumber } : { sort: '', descending: false };
    for (const other of document.querySelectorAll('[data-sort]')) other.removeAttribute('aria-sort');
    if (next.sort) head.setAttribute('aria-sort', next.descending ? 'descending' : 'ascending');
    this.#change({ ...next, offset: 0 });
  }

  #chips() {
    const states = Object.keys(this.#counts).sort((a, b) => order.indexOf(a) - order.indexOf(b));
    if (this.#query.state && !states.includes(this.#query.state)) states.push(this.#query.state);
    const all = Object.values(this.#counts).reduce((a, b) => a + b, 0);
    const entries = [['', 'all', all], ...states.map(s => [s, s, this.#counts[s] ?? 0])];
    const box = byId('worker-states');
    const key = entries.map(e => e[0]).join();
    if (box.dataset.key !== key) {
      box.dataset.key = key;
      box.replaceChildren(...entries.map(([state, name]) => {
        const chip = make('button', { type: 'button', class: 'chip', 'data-state': state }, make('i', { 'aria-hidden': 'true' }), `${name} `, make('b', {}));
        chip.addEventListener('click', () => this.#change({ state, offset: 0 }));
        return chip;
      }));
    }
    entries.forEach(([state, , number], i) => {
      const chip = box.children[i];
      setText(chip.lastElementChild, count(number));
      chip.setAttribute('aria-pressed', String(state === this.#query.state));
    });
  }

  #rows({ matching, offset, workers }) {
    if (offset > 0 && offset >= matching) return this.#change({ offset: 0 });
    const body = byId('worker-rows');
    while (body.rows.length > workers.length) body.deleteRow(-1);
    while (body.rows.length < workers.length) body.append(row());
    workers.forEach((w, i) => fill(body.rows[i], w));
    const none = byId('worker-none');
    none.hidden = workers.length > 0;
    const filtered = this.#query.search || this.#query.state;
    put('worker-none', filtered ? 'No worker matches.' : this.#finished ? 'The run is finished; the workers have left.' : 'No worker is connected. Start some with: lopt worker --coordinator URL');
    pager(byId('worker-pager'), { offset, limit, count: matching }, to => this.#change({ offset: to }));
  }
}

function row() {
  const number = wide => make('td', { class: wide ? 'number wide' : 'number' });
  return make('tr', {},
    make('td', { class: 'name' }, make('b', {}), make('small', {})),
    make('td', {}, make('span', { class: 'does' })),
    number(false), number(false), number(true), number(true), number(true));
}

function fill(tr, w) {
  const [name, does, steps, samples, problems, slots, heard] = tr.cells;
  const isLost = w.state === 'lost';
  if (tr.dataset.state !== w.state) tr.dataset.state = w.state;
  setText(name.children[0], w.id);
  setText(name.children[1], w.host);
  name.title = `${w.id} on ${w.host}`;
  setText(does.firstElementChild, w.state);
  setText(steps, isLost ? unknown : count(w.innerStepsPerSecond));
  setText(samples, count(w.samples));
  setText(problems, count(w.problems));
  setText(slots, count(w.slots));
  setText(heard, `${count(w.secondsSinceHeard)} s`);
  heard.title = `heard ${plural(Math.round(w.secondsSinceHeard), 'second')} ago`;
}
