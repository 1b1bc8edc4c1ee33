// The run's history as the plots need it: columns, the newest last.
export class Record {
  history = null;
  evaluations = { version: [], outerTrain: [], outerTest: [], averageOuterTest: [], byKind: {} };

  // Points before `from` have not changed; all are new when the server has thinned them out.
  applyHistory(part) {
    const { stride, from, update, seconds, figures } = part;
    if (from === 0 || !this.history || this.history.stride !== stride) {
      this.history = { stride, update, seconds, figures };
      return;
    }
    const append = (column, values) => {
      column.length = from;
      column.push(...values);
    };
    append(this.history.update, update);
    append(this.history.seconds, seconds);
    // A figure may exist for the first time after many updates without it.
    for (const [name, values] of Object.entries(figures)) append(this.history.figures[name] ??= Array(from).fill(null), values);
  }

  // A figure's column; null where it does not exist.
  figure(name) {
    return this.history.figures[name] ?? this.history.update.map(() => null);
  }

  get last() {
    return this.history?.update.at(-1) ?? 0;
  }
}

// Centred mean over a twenty-fifth of the run.
export function smooth(values) {
  const half = Math.max(1, Math.floor(values.length / 50));
  const sums = [0], counts = [0];
  for (const [i, value] of values.entries()) {
    sums.push(sums[i] + (value ?? 0));
    counts.push(counts[i] + (value === null ? 0 : 1));
  }
  return values.map((_, i) => {
    const from = Math.max(0, i - half), to = Math.min(values.length, i + half + 1);
    const number = counts[to] - counts[from];
    return number > 0 ? (sums[to] - sums[from]) / number : null;
  });
}
