// The last messages that the coordinator refused, and how many by reason.
import { byId, make } from './dom.js';
import { count } from './words.js';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

export function showRefusals({ refusals, refused }) {
  const key = JSON.stringify([refusals, refused]);
  const list = byId('refusal-rows');
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  byId('refusal-none').hidden = refusals.length > 0;
  byId('refusal-reasons').replaceChildren(...Object.entries(refused).sort((a, b) => b[1] - a[1])
    .map(([reason, number]) => make('span', { class: 'chip' }, `${reason} `, make('b', {}, count(number)))));
  list.replaceChildren(...refusals.map(r => make('li', {},
    make('time', { datetime: new Date(r.unixMilliseconds).toISOString() }, clock.format(r.unixMilliseconds)),
    make('b', {}, r.worker || 'a nameless worker'),
    make('span', { class: 'reason' }, r.reason),
    make('p', {}, r.detail))));
}
