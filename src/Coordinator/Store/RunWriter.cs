using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Store;

/// <summary>
/// The writes of the run loop. Everything from one <see cref="End"/> to the next becomes durable together or not at all. Nothing is written
/// before the commit, so a fault of the file meets the commit alone, which can be tried again.
/// </summary>
/// <remarks>Owned by the run loop; not thread-safe.</remarks>
/// <param name="database">The run's file.</param>
/// <param name="ledger">Keeps the gradients of merged samples; null: nothing does. Disposed with the writer.</param>
internal sealed class RunWriter(RunDatabase database, GradientLedger? ledger = null) : IDisposable
{
    private const string SequenceOf = "(SELECT sequence FROM samples WHERE problem_id = $problem AND truncation = $truncation)";

    private readonly List<WriteStatement> _statements = [];

    /// <summary>Samples that were added since the last group ended and went into no update yet.</summary>
    private readonly Dictionary<SampleIdentity, UnmergedSample> _unmerged = [];

    private long _nextSequence = database.NextSequence();

    /// <summary>Ends a group of writes. The next begins, and may be written to while this one is committed.</summary>
    public WriteGroup End()
    {
        WriteStatement[] statements = [.. _statements.Where(s => s.Sql.Length > 0)];
        _statements.Clear();
        _unmerged.Clear();
        return new WriteGroup(database, statements, ledger, ledger?.TakeAdded() ?? []);
    }

    /// <summary>Ends a group and commits it: <see cref="WriteGroup.Commit"/>.</summary>
    public void Commit() => End().Commit();

    public void SetValue(string key, string value)
    {
        Execute("INSERT OR REPLACE INTO run VALUES ($key, $value)", ("$key", key), ("$value", value));
        Seal(Checksums.Value(key), Checksums.OfValue(value));
    }

    /// <summary>Adds a version of θ and replaces the state that the next update starts from.</summary>
    public void SetOuterState(OuterState state)
    {
        AddTheta(state.Published);
        SetOptimizer(state.Optimizer);
        SetRpShare(state.RpShare);
        if (state.Average is not { } average) return;
        byte[] sum = DoubleBytes.Pack(average.Sum);
        Execute("INSERT OR REPLACE INTO theta_average VALUES (0, $updates, $sum)", ("$updates", average.Updates), ("$sum", sum));
        Seal(Checksums.Average, Checksums.OfAverage(average.Updates, sum));
    }

    /// <summary>Adds a plan that prolongs the run; it replaces one from the same version.</summary>
    public void SetProlongation(OuterPlan plan) => Execute(
        "INSERT OR REPLACE INTO plans VALUES ($version, $updates, $first, $last, $ramp)",
        ("$version", plan.FromVersion), ("$updates", plan.OuterUpdates), ("$first", plan.Truncation.First),
        ("$last", plan.Truncation.Last), ("$ramp", plan.Truncation.RampUpdates));

    private void AddTheta(PublishedTheta theta)
    {
        byte[] values = FloatBytes.ToArray(theta.Theta.Values.Span);
        Execute(
            "INSERT INTO theta VALUES ($version, $values, $share, $steps)",
            ("$version", theta.Version), ("$values", values), ("$share", theta.Plan.RpShare),
            ("$steps", theta.Plan.TruncationSteps ?? (object)DBNull.Value));
        Seal(Checksums.Theta, Checksums.OfTheta(values, theta.Plan.RpShare, theta.Plan.TruncationSteps), theta.Version);
    }

    private void SetOptimizer(OuterOptimizerState state)
    {
        byte[][] vectors = [.. state.Vectors.Select(v => DoubleBytes.Pack(v))];
        Execute("INSERT OR REPLACE INTO outer_optimizer VALUES (0, $step)", ("$step", state.Step));
        foreach (var (place, values) in vectors.Index())
        {
            Execute(
                "INSERT OR REPLACE INTO outer_optimizer_vectors VALUES ($place, $values)", ("$place", place), ("$values", values));
        }

        Seal(Checksums.Optimizer, Checksums.OfOptimizer(state.Step, vectors));
    }

    private void SetRpShare(RpShareState state)
    {
        byte[] gain = DoubleBytes.Pack(state.Gain.AsSpan()), cost = DoubleBytes.Pack(state.Cost.ToArray());
        Execute(
            "INSERT OR REPLACE INTO rp_share VALUES (0, $updates, $gain, $cost)",
            ("$updates", state.Updates), ("$gain", gain), ("$cost", cost));
        Seal(Checksums.RpShare, Checksums.OfRpShare(state.Updates, gain, cost));
    }

    public void AddProblem(long id, int lane, int horizon) =>
        Execute(
            "INSERT INTO problems (id, lane, horizon) VALUES ($id, $lane, $horizon)", ("$id", id), ("$lane", lane), ("$horizon", horizon));

    public void FinishProblem(long id)
    {
        Execute("UPDATE problems SET finished = 1, state = NULL WHERE id = $id", ("$id", id));
        Execute("DELETE FROM owners WHERE problem_id = $id", ("$id", id));
        Unseal(Checksums.State, id);
    }

    /// <summary>A worker gets a problem: after a restart it may claim it.</summary>
    public void SetOwner(long problem, string worker, long assignment) => Execute(
        "INSERT OR REPLACE INTO owners VALUES ($problem, $worker, $assignment)", ("$problem", problem), ("$worker", worker),
        ("$assignment", assignment));

    /// <summary>A leaving worker hands back the state of a problem.</summary>
    /// <param name="state">The state.</param>
    /// <param name="worker">The worker. What others make of the state is not to be believed if it is not.</param>
    /// <param name="truncation">The one that it had begun with.</param>
    public void SetState(InnerState state, string worker, int truncation)
    {
        byte[] bytes = InnerStateCodec.Encode(state);
        Execute(
            "INSERT OR IGNORE INTO hand_backs VALUES ($id, $worker, $truncation)", ("$id", state.ProblemId), ("$worker", worker),
            ("$truncation", truncation));
        Execute("UPDATE problems SET state = $state WHERE id = $id", ("$id", state.ProblemId), ("$state", bytes));
        Seal(Checksums.State, Checksums.OfState(bytes), state.ProblemId);
    }

    public void DropState(long id)
    {
        Execute("UPDATE problems SET state = NULL WHERE id = $id", ("$id", id));
        Unseal(Checksums.State, id);
    }

    /// <summary>Adds a sample; the values of its gradients only if it counts.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="counted">False: it is stale, and goes into no update.</param>
    /// <param name="worker">Who sent it.</param>
    /// <param name="received">When it arrived.</param>
    public void AddSample(GradientSample sample, bool counted, string worker, DateTimeOffset received)
    {
        long sequence = _nextSequence++;
        byte[] losses = DoubleBytes.Pack(sample.Losses.AsSpan());
        var row = Execute(
            $"""
            INSERT INTO samples VALUES (
                $sequence, $problem, $truncation, $theta, $start, $steps, $losses, $finished, $seconds, $worker, $received, $counted,
                {UnmergedSample.Update}, {UnmergedSample.Place}, {UnmergedSample.Checksum})
            """,
            ("$sequence", sequence), ("$problem", sample.Identity.ProblemId), ("$truncation", sample.Identity.Truncation),
            ("$theta", sample.ThetaVersion), ("$start", sample.StartStep), ("$steps", sample.Steps), ("$losses", losses),
            ("$finished", sample.ProblemFinished), ("$seconds", sample.Elapsed.TotalSeconds), ("$worker", worker),
            ("$received", received.ToUnixTimeMilliseconds()), ("$counted", counted), (UnmergedSample.Update, DBNull.Value),
            (UnmergedSample.Place, DBNull.Value), (UnmergedSample.Checksum, DBNull.Value));
        foreach (var gradient in sample.Gradients)
        {
            Execute(
                "INSERT INTO gradients VALUES ($sequence, $estimator, $finite, $seconds)", ("$sequence", sequence),
                ("$estimator", gradient.Estimator.Name), ("$finite", gradient.IsFinite), ("$seconds", gradient.Elapsed.TotalSeconds));
        }

        if (counted) _unmerged[sample.Identity] = Waits(sample, sequence, losses, row);
    }

    /// <summary>What is kept of a sample only until it is merged.</summary>
    private UnmergedSample Waits(GradientSample sample, long sequence, byte[] losses, (string Name, object Value)[] row)
    {
        var unmerged = new UnmergedSample(row, _statements.Count);
        var waiting = new List<byte[]>();
        foreach (var gradient in sample.Gradients.Where(g => g.IsFinite).OrderBy(g => g.Estimator.Name, StringComparer.Ordinal))
        {
            waiting.Add(FloatBytes.ToArray(gradient.Values.Span));
            Execute(
                "INSERT INTO waiting_gradients VALUES ($sequence, $estimator, $values)", ("$sequence", sequence),
                ("$estimator", gradient.Estimator.Name), ("$values", waiting[^1]));
            unmerged.Gradients++;
        }

        unmerged.Seal(Checksums.OfSample(sample.ThetaVersion, sample.StartStep, sample.Steps, losses, waiting));
        return unmerged;
    }

    /// <summary>
    /// The samples went into an update, in this order; the values of their gradients are no longer needed, and go into the ledger if there
    /// is one.
    /// </summary>
    public void MarkMerged(IReadOnlyList<GradientSample> samples, long update)
    {
        ledger?.Add(update, samples);
        foreach (var (place, sample) in samples.Index())
        {
            if (_unmerged.Remove(sample.Identity, out var unmerged))
            {
                unmerged.Merge(update, place, _statements);
                continue;
            }

            (string, object)[] key = [("$problem", sample.Identity.ProblemId), ("$truncation", sample.Identity.Truncation)];
            if (!sample.Gradients.IsEmpty) Execute($"DELETE FROM waiting_gradients WHERE sequence = {SequenceOf}", key);
            Execute(
                "UPDATE samples SET merged_update = $update, place = $place, checksum = NULL WHERE problem_id = $problem AND truncation = "
                    + "$truncation", [.. key, ("$update", update), ("$place", place)]);
        }
    }

    public void AddEvaluation(StoredEvaluation e)
    {
        Execute(
            "INSERT INTO evaluations (version, split, tasks, mean_loss, final_loss, seconds, average) VALUES ($version, $split, $tasks, "
                + "$mean, $final, $seconds, $average)",
            ("$version", e.ThetaVersion ?? (object)DBNull.Value), ("$split", e.Split.ToString()), ("$tasks", e.Tasks),
            ("$mean", e.MeanLoss), ("$final", e.FinalLoss), ("$seconds", e.Seconds), ("$average", e.IsAverage));
        foreach (var kind in e.ByKind)
        {
            Execute(
                "INSERT INTO evaluation_kinds VALUES ((SELECT max(id) FROM evaluations), $kind, $tasks, $mean, $final)",
                ("$kind", kind.Kind), ("$tasks", kind.Tasks), ("$mean", kind.MeanLoss), ("$final", kind.FinalLoss));
        }
    }

    public void AddHistory(HistoryEntry entry)
    {
        Execute("INSERT INTO history VALUES ($update, $seconds)", ("$update", entry.OuterUpdate), ("$seconds", entry.Seconds));
        foreach (var (figure, value) in entry.Figures.Values)
        {
            // SQLite keeps infinities as they are; a NaN is a figure that does not exist, and has no row.
            _statements.Add(new WriteStatement(
                "INSERT INTO figures VALUES ($update, $figure, $value)",
                [("$update", entry.OuterUpdate), ("$figure", figure), ("$value", value)]));
        }
    }

    public void Dispose() => ledger?.Dispose();

    private void Seal(string item, long checksum, long id = 0) => Execute(
        "INSERT OR REPLACE INTO checksums VALUES ($item, $id, $value)", ("$item", item), ("$id", id), ("$value", checksum));

    private void Unseal(string item, long id) =>
        Execute("DELETE FROM checksums WHERE item = $item AND id = $id", ("$item", item), ("$id", id));

    /// <returns>The parameters, which may be changed until the commit.</returns>
    internal (string Name, object Value)[] Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var values = parameters.ToArray();
        foreach (ref var parameter in values.AsSpan())
            if (parameter.Value is double d && !double.IsFinite(d)) parameter.Value = SqlNumbers.Huge(d);
        _statements.Add(new WriteStatement(sql, values));
        return values;
    }
}
