// What deserves attention, in words. One line is always there, so that nothing moves when there is something to say.
import { byId, make } from './dom.js';
import { duration, sentence } from './words.js';

const names = { bad: 'Problem', warning: 'Attention', info: 'Note', good: 'Good' };

// Where a run stands when its coordinator may well end.
const stops = { draining: 'The coordinator was drained and has stopped', finished: 'The run is finished, and its coordinator has stopped' };

export function showNotices(notices, status) {
  const all = notices.length > 0 ? notices : [{ level: 'good', text: calm(status) }];
  const key = JSON.stringify(all);
  const box = byId('notices');
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  box.replaceChildren(...all.map(({ level, text }) => make('p', { class: 'notice', 'data-level': level }, make('b', {}, names[level]), make('span', {}, sentence(text)))));
}

export function showLost(seconds, wait) {
  const stopped = stops[byId('state').dataset.state];
  const what = stopped ?? 'The connection to the coordinator is lost';
  const when = seconds < 1 ? '' : ` since ${duration(seconds)}`;
  showNotices([{ level: stopped ? 'info' : 'bad', text: `${what}${when}. What you see is from before. Trying again in ${wait} s.` }]);
}

function calm(status) {
  const what = { search: 'The search', comparison: 'The comparison' }[document.body.dataset.mode] ?? 'Outer-training';
  const done = status.comparison?.trainingsDone ?? status.outerUpdate;
  return `${what} ${done === 0 ? 'begins' : 'goes on'}; nothing needs attention.`;
}
