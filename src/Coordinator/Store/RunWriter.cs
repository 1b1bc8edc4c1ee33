using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store;

/// <summary>
/// The writes of the run loop. Everything between <see cref="Begin"/> and <see cref="Commit"/> becomes durable together or not at all.
/// </summary>
/// <remarks>Owned by the run loop; not thread-safe.</remarks>
/// <param name="database">The run's file.</param>
/// <param name="ledger">Keeps the gradients of merged samples; null: nothing does. Disposed with the writer.</param>
internal sealed class RunWriter(RunDatabase database, GradientLedger? ledger = null) : IDisposable
{
    private SqliteTransaction? _transaction;

    /// <summary>Something was written since <see cref="Begin"/>.</summary>
    public bool Dirty { get; private set; }

    public void Begin()
    {
        _transaction = database.Begin();
        Dirty = false;
    }

    /// <summary>Commits the transaction; on return it is durable.</summary>
    /// <exception cref="UserErrorException">The file was deleted, replaced or moved meanwhile.</exception>
    public void Commit()
    {
        ledger?.Commit();
        if (Dirty) _transaction!.Commit();
        else _transaction!.Rollback();
        _transaction.Dispose();
        _transaction = null;
        if (Dirty) database.CheckPlace();
    }

    public void SetValue(string key, string value) =>
        Execute(
            "INSERT INTO run VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            ("$key", key),
            ("$value", value));

    /// <summary>Adds a version of θ and replaces the state that the next update starts from.</summary>
    public void SetOuterState(OuterState state)
    {
        AddTheta(state.Published);
        SetOptimizer(state.Optimizer);
        SetRpShare(state.RpShare);
        if (state.Average is not { } average) return;
        Execute(
            "INSERT OR REPLACE INTO theta_average VALUES (0, $updates, $sum)",
            ("$updates", average.Updates), ("$sum", DoubleBytes.Pack(average.Sum)));
    }

    /// <summary>Adds a plan that prolongs the run; it replaces one from the same version.</summary>
    public void SetProlongation(OuterPlan plan) => Execute(
        "INSERT OR REPLACE INTO plans VALUES ($version, $updates, $first, $last, $ramp)",
        ("$version", plan.FromVersion), ("$updates", plan.OuterUpdates), ("$first", plan.Truncation.First),
        ("$last", plan.Truncation.Last), ("$ramp", plan.Truncation.RampUpdates));

    private void AddTheta(PublishedTheta theta) => Execute(
        "INSERT INTO theta VALUES ($version, $values, $share, $steps)",
        ("$version", theta.Version), ("$values", FloatBytes.ToArray(theta.Theta.Values.Span)), ("$share", theta.Plan.RpShare),
        ("$steps", theta.Plan.TruncationSteps ?? (object)DBNull.Value));

    private void SetOptimizer(OuterOptimizerState state)
    {
        Execute("INSERT OR REPLACE INTO outer_optimizer VALUES (0, $step)", ("$step", state.Step));
        for (int i = 0; i < state.Vectors.Length; i++)
        {
            Execute(
                "INSERT OR REPLACE INTO outer_optimizer_vectors VALUES ($place, $values)",
                ("$place", i), ("$values", DoubleBytes.Pack(state.Vectors[i])));
        }
    }

    private void SetRpShare(RpShareState state) => Execute(
        "INSERT INTO rp_share VALUES (0, $updates, $gain, $cost) ON CONFLICT (id) DO UPDATE SET updates = excluded.updates, gain = "
            + "excluded.gain, cost = excluded.cost",
        ("$updates", state.Updates), ("$gain", DoubleBytes.Pack(state.Gain.AsSpan())), ("$cost", DoubleBytes.Pack(state.Cost.ToArray())));

    public void AddProblem(long id, int lane, int horizon) =>
        Execute(
            "INSERT INTO problems (id, lane, horizon) VALUES ($id, $lane, $horizon)", ("$id", id), ("$lane", lane), ("$horizon", horizon));

    public void FinishProblem(long id)
    {
        Execute("UPDATE problems SET finished = 1, state = NULL WHERE id = $id", ("$id", id));
        Execute("DELETE FROM owners WHERE problem_id = $id", ("$id", id));
    }

    /// <summary>A worker gets a problem: after a restart it may claim it.</summary>
    public void SetOwner(long problem, string worker) =>
        Execute("INSERT OR REPLACE INTO owners VALUES ($problem, $worker)", ("$problem", problem), ("$worker", worker));

    public void SetState(InnerState state) =>
        Execute("UPDATE problems SET state = $state WHERE id = $id", ("$id", state.ProblemId), ("$state", InnerStateCodec.Encode(state)));

    public void DropState(long id) => Execute("UPDATE problems SET state = NULL WHERE id = $id", ("$id", id));

    /// <summary>Adds a sample; the values of its gradients only if it counts.</summary>
    public void AddSample(GradientSample sample, bool counted)
    {
        Execute(
            """
            INSERT INTO samples (problem_id, truncation, theta_version, start_step, steps, losses, finished, seconds, counted)
            VALUES ($problem, $truncation, $theta, $start, $steps, $losses, $finished, $seconds, $counted)
            """,
            ("$problem", sample.Identity.ProblemId), ("$truncation", sample.Identity.Truncation), ("$theta", sample.ThetaVersion),
            ("$start", sample.StartStep), ("$steps", sample.Steps), ("$losses", DoubleBytes.Pack(sample.Losses.AsSpan())),
            ("$finished", sample.ProblemFinished), ("$seconds", sample.Elapsed.TotalSeconds), ("$counted", counted));
        foreach (var gradient in sample.Gradients)
        {
            (string, object)[] key =
            [
                ("$problem", sample.Identity.ProblemId), ("$truncation", sample.Identity.Truncation),
                ("$estimator", gradient.Estimator.Name),
            ];
            Execute(
                "INSERT INTO gradients VALUES ($problem, $truncation, $estimator, $finite, $seconds, NULL)",
                [.. key, ("$finite", gradient.IsFinite), ("$seconds", gradient.Elapsed.TotalSeconds)]);
            if (!counted || !gradient.IsFinite) continue;
            Execute(
                "INSERT INTO waiting_gradients VALUES ($problem, $truncation, $estimator, $values)",
                [.. key, ("$values", FloatBytes.ToArray(gradient.Values.Span))]);
        }
    }

    /// <summary>Adds who sent a sample, and when it arrived.</summary>
    public void AddReceipt(SampleIdentity sample, string worker, DateTimeOffset received) => Execute(
        "INSERT INTO ledger VALUES ($problem, $truncation, $worker, $received, NULL)",
        ("$problem", sample.ProblemId), ("$truncation", sample.Truncation), ("$worker", worker),
        ("$received", received.ToUnixTimeMilliseconds()));

    /// <summary>
    /// The samples went into an update, in this order; the values of their gradients are no longer needed, and go into the ledger if there
    /// is one.
    /// </summary>
    public void MarkMerged(IReadOnlyList<GradientSample> samples, long update)
    {
        ledger?.Add(update, samples);
        foreach (var (place, sample) in samples.Index())
        {
            (string, object)[] key = [("$problem", sample.Identity.ProblemId), ("$truncation", sample.Identity.Truncation)];
            Execute(
                "UPDATE samples SET merged_update = $update WHERE problem_id = $problem AND truncation = "
                    + "$truncation", [.. key, ("$update", update)]);
            Execute(
                "UPDATE ledger SET place = $place WHERE problem_id = $problem AND truncation = $truncation", [.. key, ("$place", place)]);
            if (sample.Gradients.IsEmpty) continue;
            Execute("DELETE FROM waiting_gradients WHERE problem_id = $problem AND truncation = $truncation", key);
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
        using var command = database.Command("INSERT INTO figures VALUES ($update, $figure, $value)");
        command.Transaction = _transaction;
        command.Parameters.AddWithValue("$update", entry.OuterUpdate);
        var figure = command.Parameters.Add("$figure", SqliteType.Text);
        var value = command.Parameters.Add("$value", SqliteType.Real);
        foreach (var (name, number) in entry.Figures.Values)
        {
            // SQLite keeps infinities as they are; a NaN is a figure that does not exist, and has no row.
            (figure.Value, value.Value) = (name, number);
            command.ExecuteNonQuery();
        }
    }

    public void Dispose()
    {
        _transaction?.Dispose();
        ledger?.Dispose();
    }

    private void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = database.Command(sql);
        command.Transaction = _transaction;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value is double d && !double.IsFinite(d) ? SqlNumbers.Huge(d) : value);
        command.ExecuteNonQuery();
        Dirty = true;
    }
}
