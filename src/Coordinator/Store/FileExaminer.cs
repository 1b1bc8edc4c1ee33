using LoptCluster.Protocol.Wire;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store;

/// <summary>Compares what a run's file holds with its checksums, part by part.</summary>
/// <param name="connection">The file, open for reading.</param>
internal sealed class FileExaminer(SqliteConnection connection)
{
    /// <summary>The values that say which run it is, and how far it has come.</summary>
    public Examined Values() => Examine(
        "values of the run",
        $"""
        SELECT r.key, r.value, c.value FROM run r LEFT JOIN checksums c ON c.item = 'run.' || r.key AND c.id = 0
        WHERE r.key <> '{CommitId.Key}'
        """,
        r => new Item($"The value '{r.GetString(0)}'", Checksums.OfValue(r.GetString(1)), Sum(r, 2)));

    /// <param name="from">The oldest version to look at.</param>
    public Examined Thetas(long from) => Examine(
        "versions of θ",
        $"""
        SELECT version, "values", rp_share, truncation_steps, value
        FROM theta LEFT JOIN checksums ON item = '{Checksums.Theta}' AND id = version WHERE version >= {from} ORDER BY version
        """,
        r => new Item(
            $"θ of version {r.GetInt64(0)}",
            Checksums.OfTheta(Blob(r, 1), r.GetDouble(2), r.IsDBNull(3) ? null : r.GetDouble(3)),
            Sum(r, 4),
            IsFinite: FloatBytes.Unpack(Blob(r, 1)).AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) < 0));

    /// <summary>What the next outer-update starts from, beside θ.</summary>
    public IEnumerable<Examined> OuterState()
    {
        var vectors = new Lazy<List<byte[]>>(
            () => [.. Rows("SELECT \"values\" FROM outer_optimizer_vectors ORDER BY place", r => Blob(r, 0))]);
        yield return Examine(
            "states of the outer-optimizer",
            $"SELECT step, value FROM outer_optimizer {OnlyOf(Checksums.Optimizer)}",
            r => new Item(
                "The state of the outer-optimizer", Checksums.OfOptimizer(r.GetInt64(0), vectors.Value), Sum(r, 1),
                vectors.Value.TrueForAll(AreFinite)));
        yield return Examine(
            "averages of θ",
            $"SELECT updates, sum, value FROM theta_average {OnlyOf(Checksums.Average)}",
            r => new Item(
                "The average of θ", Checksums.OfAverage(r.GetInt64(0), Blob(r, 1)), Sum(r, 2), AreFinite(Blob(r, 1))));
        yield return Examine(
            "choices of the share of g_rp",
            $"SELECT updates, gain, cost, value FROM rp_share {OnlyOf(Checksums.RpShare)}",
            r => new Item(
                "The choice of the share of g_rp", Checksums.OfRpShare(r.GetInt64(0), Blob(r, 1), Blob(r, 2)), Sum(r, 3)));
    }

    /// <summary>The inner states that workers handed back.</summary>
    public Examined States() => Examine(
        "inner states handed back",
        $"""
        SELECT p.id, state, value FROM problems p LEFT JOIN checksums c ON item = '{Checksums.State}' AND c.id = p.id
        WHERE finished = 0 AND state IS NOT NULL ORDER BY p.id
        """,
        r => new Item($"The inner state of problem {r.GetInt64(0)}", Checksums.OfState(Blob(r, 1)), Sum(r, 2)));

    /// <summary>The samples that wait for their batch.</summary>
    public Examined Samples()
    {
        var gradients = Rows(
            "SELECT sequence, \"values\" FROM waiting_gradients ORDER BY sequence, estimator",
            r => (Sample: r.GetInt64(0), Values: Blob(r, 1))).ToLookup(g => g.Sample, g => g.Values);
        return Examine(
            "samples that wait for their batch",
            """
            SELECT problem_id, truncation, theta_version, start_step, steps, losses, checksum, sequence
            FROM samples WHERE counted = 1 AND merged_update IS NULL ORDER BY sequence
            """,
            r => new Item(
                $"The sample of truncation {r.GetInt64(1)} of problem {r.GetInt64(0)}",
                Checksums.OfSample(r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), Blob(r, 5), gradients[r.GetInt64(7)]),
                Sum(r, 6)));
    }

    /// <summary>The results of a comparison; none where an earlier release began the run, which kept no table of them.</summary>
    public Examined ComparisonParts() => Examine(
        "parts of a comparison",
        Rows("SELECT 1 FROM sqlite_master WHERE name = 'comparison_parts'", r => r.GetInt64(0)).Any()
            ? """
            SELECT task, optimizer, losses, setting, train_curve, valid_curve, checksum FROM comparison_parts ORDER BY task, optimizer
            """
            : "SELECT 1 WHERE 0",
        r => new Item(
            $"The result of optimizer {r.GetInt64(1)} on task {r.GetInt64(0)}",
            Checksums.OfPart(r.GetInt64(0), r.GetInt64(1), Blob(r, 2), r.GetInt64(3), Blob(r, 4), Blob(r, 5)),
            Sum(r, 6)));

    /// <summary>Whether the truncations of each open problem follow one another.</summary>
    public Examined Truncations() => Examine(
        "open problems",
        """
        SELECT id, count(truncation), coalesce(max(truncation) + 1, 0), coalesce(sum(start_step <> before), 0)
        FROM (
            SELECT p.id, s.truncation, s.start_step, coalesce(sum(s.steps) OVER (
                PARTITION BY p.id ORDER BY s.truncation ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
            FROM problems p LEFT JOIN samples s ON s.problem_id = p.id WHERE p.finished = 0)
        GROUP BY id
        """,
        r => new Item(
            $"The row of truncations of problem {r.GetInt64(0)}", r.GetInt64(1) + r.GetInt64(3), r.GetInt64(2), What: "has a gap"));

    /// <summary>SQLite's own look at its pages and indexes.</summary>
    public Examined Pages()
    {
        List<string> found = [.. Rows("PRAGMA integrity_check(20)", r => r.GetString(0)).Where(text => text != "ok")];
        long pages = Rows("PRAGMA page_count", r => r.GetInt64(0)).Single();
        return new Examined("pages of the file", pages, 0, [.. found.Select(text => $"SQLite says: {text.TrimEnd('.')}")]);
    }

    /// <summary>The oldest version of θ that an open problem was computed at, and may have to be computed at again.</summary>
    public long OldestNeededVersion() => Rows(
        """
        SELECT coalesce(min(theta_version), (SELECT max(version) FROM theta), 0)
        FROM samples WHERE problem_id IN (SELECT id FROM problems WHERE finished = 0)
        """,
        r => r.GetInt64(0)).Single();

    /// <summary>Joins the checksum of a table's only row.</summary>
    private static string OnlyOf(string item) => $"LEFT JOIN checksums c ON c.item = '{item}' AND c.id = 0";

    private static bool AreFinite(byte[] doubles) => Array.TrueForAll(DoubleBytes.Unpack(doubles), double.IsFinite);

    private static byte[] Blob(SqliteDataReader reader, int column) => (byte[])reader.GetValue(column);

    private static long? Sum(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    private Examined Examine(string part, string sql, Func<SqliteDataReader, Item> read)
    {
        long items = 0, unsealed = 0;
        var damage = new List<string>();
        try
        {
            foreach (var item in Rows(sql, read))
            {
                items++;
                if (item.Noted is null) unsealed++;
                if (item.Noted is { } noted && noted != item.Computed) damage.Add($"{item.Name} {item.What}");
                else if (!item.IsFinite) damage.Add($"{item.Name} is not finite");
            }
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException or InvalidOperationException or FormatException)
        {
            damage.Add($"The {part} cannot be read: {e.Message.TrimEnd('.')}");
        }

        return new Examined(part, items, unsealed, damage);
    }

    private IEnumerable<T> Rows<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return read(reader);
    }

    /// <summary>A row and its checksum.</summary>
    private readonly record struct Item(
        string Name, long Computed, long? Noted, bool IsFinite = true, string What = "does not match its checksum");
}
