using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store.Ledger;

/// <summary>Reads what a run's file says of its samples, beside the writer (WAL).</summary>
internal sealed class LedgerReader : IDisposable
{
    private const string Columns = """
        s.merged_update, s.problem_id, s.truncation, s.theta_version, s.start_step, s.steps, s.losses, s.finished, s.seconds, s.counted,
            g.estimator, g.finite, g.seconds, s.worker, s.received, s.place
        """;

    private readonly SqliteConnection _connection;

    public LedgerReader(string runDirectory)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(runDirectory, RunDatabase.FileName),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        _connection.Open();
    }

    /// <summary>The batches of the updates after one version of θ up to another, in order.</summary>
    public IEnumerable<RecordedBatch> Batches(long afterVersion, long lastVersion)
    {
        var batch = new List<RecordedSample>();
        foreach (var sample in Samples(
            "s.merged_update > $after AND s.merged_update <= $last", "s.merged_update, s.sequence", ("$after", afterVersion),
            ("$last", lastVersion)))
        {
            if (batch.Count > 0 && batch[0].MergedUpdate != sample.MergedUpdate)
            {
                yield return new RecordedBatch(batch[0].MergedUpdate!.Value, batch);
                batch = [];
            }

            batch.Add(sample);
        }

        if (batch.Count > 0) yield return new RecordedBatch(batch[0].MergedUpdate!.Value, batch);
    }

    public RecordedSample? Find(SampleIdentity sample) => Samples(
        "s.problem_id = $problem AND s.truncation = $truncation", "s.sequence", ("$problem", sample.ProblemId),
        ("$truncation", sample.Truncation)).SingleOrDefault();

    /// <summary>The truncations of a problem from one up to another, which is left out, as far as the file has them.</summary>
    public IReadOnlyList<DoneTruncation> Truncations(long problemId, int from, int to)
    {
        var done = new List<DoneTruncation>();
        using var command = Command(
            """
            SELECT truncation, steps, theta_version FROM samples
            WHERE problem_id = $problem AND truncation >= $from AND truncation < $to ORDER BY truncation
            """,
            ("$problem", problemId), ("$from", from), ("$to", to));
        using var reader = command.ExecuteReader();
        while (reader.Read()) done.Add(new DoneTruncation(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt64(2)));
        return done;
    }

    /// <summary>Number of a problem's truncations that the file has.</summary>
    public int TruncationsOf(long problemId)
    {
        using var command = Command("SELECT count(*) FROM samples WHERE problem_id = $problem", ("$problem", problemId));
        return (int)(long)command.ExecuteScalar()!;
    }

    /// <summary>Where the replay of a pruned run begins; null: the run was not pruned.</summary>
    public ReplayStart? Start()
    {
        var vectors = new List<double[]>();
        using (var read = Command("SELECT \"values\" FROM replay_start_vectors ORDER BY place"))
        using (var rows = read.ExecuteReader())
        {
            while (rows.Read()) vectors.Add(DoubleBytes.Unpack((byte[])rows.GetValue(0)));
        }

        using var command = Command("SELECT version, step, average_updates, average_sum FROM replay_start");
        using var row = command.ExecuteReader();
        if (!row.Read()) return null;
        return new ReplayStart(
            row.GetInt64(0),
            row.IsDBNull(1) ? null : new OuterOptimizerState(row.GetInt64(1), [.. vectors]),
            row.IsDBNull(2) ? null : new ThetaAverage(row.GetInt64(2), DoubleBytes.Unpack((byte[])row.GetValue(3))));
    }

    /// <summary>Samples that were pruned, and what they took.</summary>
    public StoredCounts Pruned()
    {
        using var command = Command("SELECT accepted, stale, rp_computed, rp_invalid, seconds, rp_seconds FROM pruned_samples");
        using var r = command.ExecuteReader();
        return r.Read()
            ? new StoredCounts(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetDouble(4), r.GetDouble(5))
            : default;
    }

    public void Dispose() => _connection.Dispose();

    private IEnumerable<RecordedSample> Samples(
        string where, string order, params ReadOnlySpan<(string Name, object Value)> parameters) => Read(Command(
            $"SELECT {Columns} FROM samples s LEFT JOIN gradients g USING (sequence) WHERE {where} ORDER BY {order}, estimator",
            parameters));

    /// <summary>A sample has a row for each of its gradients, or one.</summary>
    private static IEnumerable<RecordedSample> Read(SqliteCommand command)
    {
        using var _ = command;
        using var r = command.ExecuteReader();
        RecordedSample? last = null;
        while (r.Read())
        {
            if (last?.Sample.Identity == new SampleIdentity(r.GetInt64(1), r.GetInt32(2)))
            {
                last = last with { Sample = last.Sample with { Gradients = [.. last.Sample.Gradients, Gradient(r)] } };
                continue;
            }

            if (last is not null) yield return last;
            last = Row(r);
        }

        if (last is not null) yield return last;
    }

    private static RecordedSample Row(SqliteDataReader r) => new(
        new GradientSample
        {
            Identity = new SampleIdentity(r.GetInt64(1), r.GetInt32(2)),
            ThetaVersion = r.GetInt64(3),
            StartStep = r.GetInt32(4),
            Steps = r.GetInt32(5),
            Losses = [.. DoubleBytes.Unpack((byte[])r.GetValue(6))],
            ProblemFinished = r.GetBoolean(7),
            Elapsed = TimeSpan.FromSeconds(r.GetDouble(8)),
            Gradients = r.IsDBNull(10) ? [] : [Gradient(r)],
        },
        r.GetBoolean(9),
        r.IsDBNull(0) ? null : r.GetInt64(0),
        r.IsDBNull(15) ? null : r.GetInt32(15),
        r.GetString(13),
        DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(14)));

    private static MeasuredGradient Gradient(SqliteDataReader r) => new(
        new EstimatorId(r.GetString(10)), r.GetBoolean(11) ? GradientOutcome.Finite : GradientOutcome.NotFinite, default,
        TimeSpan.FromSeconds(r.GetDouble(12)));

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
