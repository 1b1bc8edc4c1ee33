using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store;

/// <summary>Reads of a run's file, beside the writer (WAL): each call opens a connection of its own.</summary>
internal sealed class RunReader(string runDirectory)
{
    private readonly string _connection = new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(runDirectory, RunDatabase.FileName),
        Mode = SqliteOpenMode.ReadOnly,
        Pooling = false,
        DefaultTimeout = RunDatabase.PatientSeconds,
    }.ToString();

    public string? Value(string key) =>
        Query("SELECT value FROM run WHERE key = $key", r => r.GetString(0), ("$key", key)).SingleOrDefault();

    public ThetaSnapshot? Theta(long version) => Published(version)?.Theta;

    /// <summary>θ of those of these versions that there are.</summary>
    public IReadOnlyDictionary<long, PublishedTheta> Thetas(IEnumerable<long> versions) => Query(
        """
        SELECT version, "values", rp_share, truncation_steps FROM theta WHERE version IN (SELECT value FROM json_each($versions))
        """,
        ReadTheta, ("$versions", $"[{string.Join(',', versions.Distinct())}]")).ToDictionary(t => t.Version);

    /// <summary>What a version of θ asks of its samples; null: there is no such version.</summary>
    public SamplePlan? Plan(long version) => Published(version)?.Plan;

    /// <summary>A version of θ, with what it asks of its samples; null: there is no such version.</summary>
    public PublishedTheta? Published(long version) => Query(
        "SELECT version, \"values\", rp_share, truncation_steps FROM theta WHERE version = $version", ReadTheta,
        ("$version", version)).SingleOrDefault();

    /// <summary>Version of <see cref="RunDatabase"/>'s tables in the file.</summary>
    public long Format() => Query("PRAGMA user_version", r => r.GetInt64(0)).Single();

    /// <summary>Version of the newest θ: outer-updates that the run has done; −1 before it has begun.</summary>
    public long NewestVersion() => Query("SELECT coalesce(max(version), -1) FROM theta", r => r.GetInt64(0)).Single();

    /// <summary>The plans that prolonged the run, by the versions from which they hold.</summary>
    public IReadOnlyList<OuterPlan> Prolongations() => Query(
        """
        SELECT from_version, outer_updates, truncation_first, truncation_last, truncation_ramp_updates FROM plans ORDER BY from_version
        """,
        r => new OuterPlan(
            r.GetInt64(0), r.GetInt64(1), new TruncationSchedule(r.GetDouble(2), r.GetDouble(3), r.GetDouble(4), r.GetInt64(0))));

    public IReadOnlyList<HistoryEntry> History(long fromUpdate, int limit = int.MaxValue)
    {
        var entries = new List<HistoryEntry>();
        var values = new Dictionary<string, double>();
        ForEach(
            """
            SELECT h.outer_update, h.seconds, f.figure, f.value
            FROM (SELECT * FROM history WHERE outer_update >= $from ORDER BY outer_update LIMIT $limit) h
                LEFT JOIN figures f USING (outer_update)
            ORDER BY h.outer_update
            """,
            r =>
            {
                if (entries.Count == 0 || entries[^1].OuterUpdate != r.GetInt64(0))
                    entries.Add(new HistoryEntry(r.GetDouble(1), new UpdateFigures(r.GetInt64(0), values = [])));
                if (r.IsDBNull(2)) return;
                string name = r.GetString(2);
                // One string for all rows of a figure: a long history has a million of them.
                values.Add(UpdateFigureTable.Find(name)?.Name ?? name, r.GetDouble(3));
            },
            ("$from", fromUpdate), ("$limit", limit));
        return entries;
    }

    /// <summary>Training time at the end of each outer-update, seconds.</summary>
    public IReadOnlyDictionary<long, double> TrainingSeconds() => Query(
        "SELECT outer_update, seconds FROM history", r => KeyValuePair.Create(r.GetInt64(0), r.GetDouble(1))).ToDictionary();

    /// <summary>In the order that they came in, which never changes; the first <paramref name="skip"/> left out.</summary>
    public IReadOnlyList<StoredEvaluation> Evaluations(int skip = 0)
    {
        var evaluations = new List<StoredEvaluation>();
        long id = -1;
        ForEach(
            """
            SELECT e.id, version, split, e.tasks, e.mean_loss, e.final_loss, seconds, average, kind, k.tasks, k.mean_loss, k.final_loss
            FROM (SELECT * FROM evaluations ORDER BY id LIMIT -1 OFFSET $skip) e LEFT JOIN evaluation_kinds k ON k.evaluation = e.id
            ORDER BY e.id, kind
            """,
            r =>
            {
                if (r.GetInt64(0) != id)
                {
                    id = r.GetInt64(0);
                    evaluations.Add(new StoredEvaluation(
                        r.IsDBNull(1) ? null : r.GetInt64(1), Enum.Parse<ClassSplit>(r.GetString(2)), r.GetInt32(3), r.GetDouble(4),
                        r.GetDouble(5), r.GetDouble(6), r.GetBoolean(7)));
                }

                if (r.IsDBNull(8)) return;
                var kind = new KindLoss(r.GetString(8), r.GetInt32(9), r.GetDouble(10), r.GetDouble(11));
                evaluations[^1] = evaluations[^1] with { ByKind = [.. evaluations[^1].ByKind, kind] };
            },
            ("$skip", skip));
        return evaluations;
    }

    /// <summary>Looks up samples, over one connection that the caller closes.</summary>
    public SampleLookup Samples() => new(Open());

    /// <summary>The handed-back state of a problem; null if there is none that can be read.</summary>
    public InnerState? State(long problemId) => Query(
        "SELECT state FROM problems WHERE id = $id AND state IS NOT NULL", r => DecodeState(Blob(r, 0)), ("$id", problemId))
        .SingleOrDefault();

    /// <summary>Samples so far, and what they took.</summary>
    public StoredCounts Counts() => Query(
        """
        SELECT s.accepted, s.stale, rp.computed, rp.invalid, s.seconds, rp.seconds
        FROM
            (SELECT coalesce(sum(counted), 0) AS accepted, coalesce(sum(NOT counted), 0) AS stale, coalesce(sum(seconds), 0.0) AS seconds
            FROM samples) AS s,
            (SELECT count(*) AS computed, coalesce(sum(NOT finite), 0) AS invalid, coalesce(sum(seconds), 0.0) AS seconds
            FROM gradients) AS rp
        """,
        r => new StoredCounts(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetDouble(4), r.GetDouble(5))).Single();

    private static PublishedTheta ReadTheta(SqliteDataReader reader) =>
        new(new ThetaSnapshot(reader.GetInt64(0), FloatBytes.Unpack(Blob(reader, 1))), new SamplePlan(
            reader.GetDouble(2), reader.IsDBNull(3) ? null : reader.GetDouble(3)));

    /// <summary>A state that cannot be read is recomputed, as if none had been handed back.</summary>
    internal static InnerState? DecodeState(byte[] state)
    {
        try
        {
            return InnerStateCodec.Decode(state);
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    internal static byte[] Blob(SqliteDataReader reader, int column) => (byte[])reader.GetValue(column);

    internal List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var rows = new List<T>();
        ForEach(sql, r => rows.Add(read(r)), parameters);
        return rows;
    }

    internal void ForEach(string sql, Action<SqliteDataReader> read, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        using var reader = command.ExecuteReader();
        while (reader.Read()) read(reader);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        return connection;
    }
}
