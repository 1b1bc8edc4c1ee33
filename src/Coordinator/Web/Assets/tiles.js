// The figures at the top.
import { byId, make, put } from './dom.js';
import { against, count, duration, estimatorsOf, horizon, number, percent, plural, rate, sentence, unknown } from './words.js';

const isThere = value => value !== null && value !== undefined;

// A value of the specification. In the tasks of a mixture choices are lists; ranges, and lists whose length is drawn, are objects.
function textOf(value) {
  if (Array.isArray(value)) return value.map(item => Array.isArray(item) ? `[${textOf(item)}]` : textOf(item)).join(', ');
  if (value === null || typeof value !== 'object') return String(value);
  const { from, to, scale, step } = value;
  return from === undefined ? pairs(value).join(', ') : `${from} to ${to}${scale ? ` (${scale})` : ''}${step ? ` by ${step}` : ''}`;
}

const pairs = values => Object.entries(values).map(([key, value]) => `${key} ${textOf(value)}`);

// A search and a comparison estimate no gradients.
const hasSamples = ({ specification }) => !['search', 'comparison'].includes(specification.mode);

export function showRun(run) {
  document.body.dataset.mode = run.specification.mode;
  if (run.specification.mode === 'search') {
    put('versions', 'configurations');
    put('theta-title', 'Configurations');
    put('version-title', 'No.');
    put('any-version', 'Any configuration');
    byId('theta-parts').setAttribute('aria-label', 'Hyper-parameters of the best configuration');
  }
  if (run.specification.mode === 'comparison') put('versions', 'tasks');
  put('preset', run.name ?? run.preset);
  byId('all-runs').hidden = !run.name;
  byId('all-runs').href = '../../';
  const origin = run.origin ? ` · from θ version ${count(run.origin.version)} of ${run.origin.file}` : '';
  const estimator = hasSamples(run) ? ` · ${run.specification.estimator}` : '';
  put('run-id', `run ${run.runId}${estimator} · ${run.specification.mode}${origin}`);
  put('footer', `LoptCluster engine ${run.engineVersion}`);
  const { tasks, ...values } = run.specification;
  const item = (name, text, attributes) => make('div', attributes, make('dt', {}, name), make('dd', {}, text));
  byId('specification').replaceChildren(
    ...Object.entries(values).map(([name, value]) => item(name, textOf(value))),
    ...(tasks ?? []).map(({ name, ...drawn }, i) => item(`tasks: ${run.kinds[i]}`, pairs(drawn).join(' · '), { class: 'task' })));
}

export function showStatus(status, run) {
  const { specification } = run;
  const { samples, workers, figures } = status;
  byId('state').dataset.state = status.state;
  put('state', sentence(status.state));
  const [done, all] = progressOf(status);
  put('update', count(done));
  put('updates', count(all));
  put('running', duration(status.secondsRunning));
  put('left', status.state === 'finished' ? '0:00' : duration(status.secondsLeft));
  const { comparison } = status;
  const progress = comparison ? comparison.trainingsDone / comparison.trainings * 100 : all > 0 ? Math.min(100, done / all * 100) : 0;
  const bar = byId('bar');
  bar.firstElementChild.style.width = `${progress}%`;
  bar.setAttribute('aria-valuenow', progress.toFixed(0));

  put('tile-loss', number(status.outerLossAverage));
  put('tile-loss-sub', isThere(figures.outer_loss) ? `last batch ${number(figures.outer_loss)}` : 'no batch yet');
  put('tile-test', number(status.evaluationOuterTest));
  put('tile-test-sub', heldOut(status));
  byId('tile-test').dataset.good = status.evaluationOuterTest < status.baselineOuterTest && isThere(status.evaluationOuterTest) ? 'yes' : '';
  put('tile-trainings', comparison ? count(comparison.trainingsDone) : unknown);
  put('tile-trainings-sub', comparison ? `of ${count(comparison.trainings)}: θ and each setting of each baseline` : '');
  put('tile-best', status.bestVersion < 0 ? unknown : `no. ${count(status.bestVersion)}`);
  put('tile-best-sub', isThere(status.evaluationOuterTrain) ? `${number(status.evaluationOuterTrain)} on outer-train tasks` : 'none is evaluated yet');
  put('tile-k', count(status.truncationSteps));
  put('tile-k-sub', `of T = ${horizon(run)} inner-steps`);
  showWeight(figures, specification);
  put('tile-samples', rate(status.samplesPerSecond));
  put('tile-samples-sub', [`${count(samples.accepted)} taken`, ...(samples.stale ? [`${count(samples.stale)} stale`] : []), ...(samples.rpInvalid ? [`${count(samples.rpInvalid)} g_rp not finite`] : [])].join(' · '));
  put('tile-steps', count(status.innerStepsPerSecond));
  const ofSamples = isThere(status.secondsPerSample) ? `${number(status.secondsPerSample)} s a sample` : 'no sample lately';
  put('tile-steps-sub', hasSamples(run) ? ofSamples : 'of all workers');
  const lost = workers.lost ?? 0;
  const here = Object.values(workers).reduce((a, b) => a + b, 0) - lost;
  put('tile-workers', count(here));
  put('tile-workers-sub', `${plural(status.slots, 'slot')}${lost ? ` · ${count(lost)} lost` : ''}`);
  byId('tile-workers').dataset.bad = lost || !here && status.state !== 'finished' ? 'yes' : '';
  const refused = Object.values(status.refused).reduce((a, b) => a + b, 0);
  put('tile-refused', count(refused));
  put('tile-refused-sub', refused ? 'messages since the start' : 'no message since the start');
  byId('tile-refused').dataset.bad = refused ? 'yes' : '';
}

// Tasks of a comparison, outer-updates of a training: how many are done, and all.
export const progressOf = ({ comparison, outerUpdate, outerUpdates }) =>
  comparison ? [comparison.tasksDone, comparison.tasks] : [outerUpdate, outerUpdates];

// How much of the merge the gradient of the losses has; nothing where nothing is merged.
function showWeight(figures, specification) {
  const weighed = estimatorsOf(Object.keys(figures).map(name => ({ name })))[1];
  byId('tile-es').parentElement.hidden = !weighed && isThere(figures.outer_loss);
  if (!weighed) return;
  put('tile-es-name', `${weighed.toUpperCase()} weight`);
  put('tile-es', figures[`weight_${weighed}`].toFixed(3));
  const share = specification.rpShare === 'adaptive' && isThere(figures.rp_share) ? ` · g_rp of ${percent(figures.rp_share)}` : '';
  put('tile-es-sub', `share of g_${weighed} in the merge${share}`);
}

function heldOut({ evaluationOuterTest: loss, baselineOuterTest: adam }) {
  if (!isThere(loss)) return isThere(adam) ? `not evaluated yet · Adam ${number(adam)}` : 'not evaluated yet';
  return isThere(adam) ? `${against(loss, adam)} tuned Adam` : 'tuned Adam comes';
}
