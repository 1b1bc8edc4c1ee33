// Numbers, times and states as people read them; a dash for what is not known.
export const unknown = '–';

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const known = value => typeof value === 'number' && Number.isFinite(value);

// Four digits: 1.106, 0.0124, 2,084, 1.3e−12.
export function number(value) {
  if (!known(value)) return unknown;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e7 || size < 1e-3) return value.toExponential(1).replace('e+', 'e').replaceAll('-', '−');
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.1 ? 3 : 4;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

// A share of a whole.
export function percent(value) {
  return known(value) ? `${(value * 100).toFixed(0)} %` : unknown;
}

export function count(value) {
  return known(value) ? Math.round(value).toLocaleString('en') : unknown;
}

// A rate: whole from 10 on.
export function rate(value) {
  if (!known(value)) return unknown;
  return value >= 10 || value === 0 ? count(value) : value.toFixed(value >= 1 ? 1 : 2);
}

export function plural(value, noun) {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

export function powerOfTen(exponent) {
  return `10${exponent < 0 ? '⁻' : ''}${[...String(Math.abs(exponent))].map(d => superscripts[d]).join('')}`;
}

// 1:05, 2:00:09, 3 d 4 h.
export function duration(seconds) {
  if (!known(seconds)) return unknown;
  const s = Math.round(seconds), two = n => String(n).padStart(2, '0');
  if (s >= 86400) return `${Math.floor(s / 86400)} d ${Math.floor(s % 86400 / 3600)} h`;
  if (s >= 3600) return `${Math.floor(s / 3600)}:${two(Math.floor(s % 3600 / 60))}:${two(s % 60)}`;
  return `${Math.floor(s / 60)}:${two(s % 60)}`;
}

// "24.5 % below tuned Adam": a loss against the baseline's.
export function against(loss, baseline) {
  const percent = (baseline - loss) / baseline * 100;
  return percent < -999 ? 'over 999 % above' : `${Math.abs(percent).toFixed(1)} % ${percent >= 0 ? 'below' : 'above'}`;
}

export function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// T of the run's problems.
export const horizon = ({ shortestHorizon: least, longestHorizon: most }) => least === most ? count(most) : `${count(least)} to ${count(most)}`;

// The estimators that the run computes, by the figures of their variances; the second one's weight says how much is left to the first.
export const estimatorsOf = figures => {
  const found = figures.map(f => /^variance_([a-z]+)$/.exec(f.name)?.[1]).filter(Boolean);
  return ['rp', 'backprop', ...found].filter((e, i, all) => found.includes(e) && all.indexOf(e) === i);
};
