// Joins the parts: one stream of events comes in, each part shows what it is about.
import { LiveConnection } from './api.js';
import { Charts } from './charts.js';
import { byId } from './dom.js';
import { showLost, showNotices } from './notices.js';
import { Operate } from './operate.js';
import { Record } from './record.js';
import { showRefusals } from './refusals.js';
import { askForToken, connected, onSignIn } from './session.js';
import { Theta } from './theta.js';
import { progressOf, showRun, showStatus } from './tiles.js';
import { Workers } from './workers.js';
import { count } from './words.js';

const operate = new Operate(), workers = new Workers(), theta = new Theta();
let run = null, record = new Record(), charts = null, newest = null, isDrawn = true, isNew = false;

const connection = new LiveConnection({
  onOpen: () => connected('live', 'live'),
  onLost: (seconds, wait) => {
    if (document.body.dataset.view === 'loading') view('live');
    connected('lost', 'not connected');
    showLost(seconds, wait);
  },
  onRefused: error => askForToken(error, 'the run'),
  onEvent: event => {
    if (event.run) begin(event.run);
    if (event.history) record.applyHistory(event.history);
    if (event.evaluations) record.evaluations = event.evaluations;
    isNew ||= Boolean(event.history || event.evaluations);
    newest = event;
    view('live');
    show();
  },
});

// The stream begins, for the first time or again.
function begin(next) {
  run = next;
  record = new Record();
  charts ??= new Charts(run);
  showRun(run);
  byId('sign-out').hidden = !run.tokensConfigured;
}

function show() {
  // Nobody sees a hidden tab; it is drawn when it is looked at.
  isDrawn = !document.hidden;
  const { status, notices } = newest;
  document.title = `${progressOf(status).map(count).join('/')} ${status.state} · ${run.preset} · LoptCluster`;
  if (!isDrawn) return;
  showNotices(notices, status);
  showStatus(status, run);
  operate.show(status, run.mayOperate);
  if (isNew) charts.draw(record, status);
  isNew = false;
  workers.show(status);
  theta.showParts(newest.theta, newest.best, run.specification.mode === 'search', status);
  theta.show(status, record.evaluations.version.length, run.specification.thetaAverageDecay > 0);
  showRefusals(status);
}

function view(name) {
  document.body.dataset.view = name;
}

onSignIn(() => connection.start());

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !isDrawn && newest) show();
});

connection.start();
