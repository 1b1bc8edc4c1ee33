// The parts of the newest θ by name, or the best configuration of a search; versions of θ, the best and the newest first, each to be had as a file.
import { download, getJson } from './api.js';
import { byId, make, pager, put, setText } from './dom.js';
import { count, number } from './words.js';

const limit = 8;

export class Theta {
  #offset = 0;
  #evaluated = -1;
  #best = -1;
  #newest = -1;
  #versions = [];
  #average = [];
  #shown = '';

  constructor() {
    byId('theta-form').addEventListener('submit', e => {
      e.preventDefault();
      this.#save(byId('theta-version').value, 'theta.safetensors');
    });
  }

  // Of a search what counts is the best; the newest draw is not evaluated yet.
  showParts(newest, best, isSearch, { bestVersion, evaluationOuterTrain: train, evaluationOuterTest: test }) {
    this.#fill('theta-parts', isSearch ? best : newest);
    if (!isSearch) return;
    put('best-title', best ? `Best so far: no. ${count(bestVersion)}` : 'No configuration is evaluated yet');
    put('best-sub', best ? `Loss ${number(train)} on outer-train tasks, ${test == null ? 'not yet known' : number(test)} on held-out tasks.` : '');
    put('newest-title', newest.version > 0 ? `Newest draw: no. ${count(newest.version)}` : 'Nothing is drawn yet');
    this.#fill('newest-parts', newest);
  }

  // Values of hyper-parameters; shapes where the elements of θ have no meaning of their own.
  #fill(id, { tensors, hyperParameters } = { tensors: [], hyperParameters: [] }) {
    const parts = hyperParameters.length > 0
      ? hyperParameters.map(h => [h.name, `${number(h.value)} ${h.unit}`.trim()])
      : tensors.map(t => [t.name, t.shape.join(' × ')]);
    const list = byId(id);
    if (list.childElementCount !== parts.length) {
      list.replaceChildren(...parts.map(([name]) => make('div', { 'data-part': name }, make('dt', {}, name), make('dd', {}))));
    }
    parts.forEach(([, text], i) => setText(list.children[i].lastElementChild, text));
  }

  // The list is asked for again only when there is something new in it.
  async show(status, evaluated, hasAverage) {
    this.#average = hasAverage ? [{ version: 'average', outerTrain: status.averageOuterTrain, outerTest: status.averageOuterTest }] : [];
    this.#newest = status.outerUpdate;
    if (evaluated !== this.#evaluated || status.bestVersion !== this.#best) {
      this.#best = status.bestVersion;
      this.#evaluated = evaluated;
      await this.#load();
    }
    this.#rows();
  }

  async #load() {
    try {
      const list = await getJson(`api/theta?offset=${this.#offset}&limit=${limit}`);
      this.#versions = list.versions;
      pager(byId('theta-pager'), { offset: list.offset, limit, count: list.evaluated }, to => {
        this.#offset = to;
        this.#load().then(() => this.#rows());
      });
    } catch {
      // Asked for again with the next event.
      this.#evaluated = -1;
    }
  }

  #rows() {
    const listed = this.#versions.map(v => v.version);
    const newest = listed.includes(this.#newest) || this.#offset > 0 ? [] : [{ version: this.#newest }];
    const all = [...(this.#offset > 0 ? [] : this.#average), ...newest, ...this.#versions];
    const key = JSON.stringify([all, this.#best, this.#newest]);
    if (key === this.#shown) return;
    this.#shown = key;
    const body = byId('theta-rows');
    const focused = body.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
    body.replaceChildren(...all.map(v => this.#row(v)));
    if (focused) body.querySelector(`[aria-label="${focused}"]`)?.focus();
  }

  #row({ version, outerTrain, outerTest }) {
    const isBest = version === this.#best;
    const marks = [...(isBest ? [make('span', { class: 'mark-best' }, 'best')] : []), ...(version === this.#newest ? [make('span', { class: 'mark-newest' }, 'newest')] : [])];
    const button = (text, file, name) => {
      const b = make('button', { type: 'button', class: 'small', 'aria-label': `${text} of version ${version}`, title: `Download ${name} of version ${version}` }, text);
      b.addEventListener('click', () => this.#save(version, file));
      return b;
    };
    return make('tr', { 'data-version': String(version), 'data-best': isBest },
      make('td', {}, make('b', {}, version === 'average' ? version : count(version)), ...marks),
      make('td', { class: 'number' }, number(outerTrain)),
      make('td', { class: 'number' }, number(outerTest)),
      make('td', { class: 'buttons' }, button('θ file', 'theta.safetensors', 'θ'), button('card', 'theta.card.json', 'the card')));
  }

  async #save(version, file) {
    put('theta-error', '');
    try {
      await download(`api/theta/${encodeURIComponent(version)}/${file}`);
    } catch (error) {
      put('theta-error', error.message);
    }
  }
}
