using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store;

/// <summary>Reads where a run stands. A restart waits for it, so that independent parts are read at the same time.</summary>
internal static class StoredRunReader
{
    /// <summary>Where the run stands, or null for a file without a run yet.</summary>
    /// <param name="reader">The run's file.</param>
    /// <param name="lanes">S: problem p − S is the one before p in its lane.</param>
    public static StoredRun? Run(this RunReader reader, int lanes)
    {
        if (reader.Published(reader.NewestVersion()) is not { } theta) return null;
        var truncations = Task.Run(() => Truncations(reader));
        var open = Open(reader);
        var owners = reader.Query(
            "SELECT problem_id, worker, assignment FROM owners",
            r => KeyValuePair.Create(r.GetInt64(0), new StoredOwner(r.GetString(1), r.GetInt64(2)))).ToDictionary();
        long next = reader.Query("SELECT coalesce(max(id) + 1, 0) FROM problems", r => r.GetInt64(0)).Single();
        var state = OuterState(reader, theta);
        var unmerged = Unmerged(reader);
        var done = truncations.GetAwaiter().GetResult();
        var before = NewestVersions(reader, open.Select(p => p.Id - lanes).Where(id => !done.ContainsKey(id)));
        StoredProblem[] problems =
        [
            .. open.Select(p => p with
            {
                Done = done.GetValueOrDefault(p.Id)?.Done ?? [],
                Holders = done.GetValueOrDefault(p.Id)?.Holders ?? new Dictionary<string, int>(),
                LaneVersion = Math.Max(NewestVersion(p.Id), NewestVersion(p.Id - lanes)),
                Owner = owners.GetValueOrDefault(p.Id),
            }),
        ];
        return new StoredRun(state, problems, next, unmerged);

        long NewestVersion(long id) => done.GetValueOrDefault(id)?.NewestVersion ?? before.GetValueOrDefault(id, -1);
    }

    /// <summary>What was acknowledged of a problem, open or not.</summary>
    public static StoredTruncations Truncations(this RunReader reader, long problem)
    {
        var truncations = new StoredTruncations();
        reader.ForEach(
            "SELECT truncation, steps, theta_version, worker FROM samples WHERE problem_id = $problem ORDER BY truncation",
            r => truncations.Add(new DoneTruncation(r.GetInt32(0), r.GetInt32(1), r.GetInt64(2)), r.GetString(3)),
            ("$problem", problem));
        reader.ForEach(
            "SELECT worker, truncation FROM hand_backs WHERE problem_id = $problem",
            r => truncations.AddHolder(r.GetString(0), r.GetInt32(1)), ("$problem", problem));
        return truncations;
    }

    /// <summary>What was acknowledged of each open problem of which anything was, or that was handed back.</summary>
    private static Dictionary<long, StoredTruncations> Truncations(RunReader reader)
    {
        var problems = new Dictionary<long, StoredTruncations>();
        (long Id, StoredTruncations Truncations) last = (-1, new StoredTruncations());
        reader.ForEach(
            """
            SELECT s.problem_id, s.truncation, s.steps, s.theta_version, s.worker
            FROM samples s JOIN problems p ON p.id = s.problem_id WHERE p.finished = 0 ORDER BY s.problem_id, s.truncation
            """,
            r =>
            {
                long id = r.GetInt64(0);
                if (id != last.Id) problems.Add(id, (last = (id, new StoredTruncations())).Truncations);
                last.Truncations.Add(new DoneTruncation(r.GetInt32(1), r.GetInt32(2), r.GetInt64(3)), r.GetString(4));
            });
        reader.ForEach(
            "SELECT h.problem_id, h.worker, h.truncation FROM hand_backs h JOIN problems p ON p.id = h.problem_id WHERE p.finished = 0",
            r =>
            {
                if (!problems.TryGetValue(r.GetInt64(0), out var truncations)) problems[r.GetInt64(0)] = truncations = new();
                truncations.AddHolder(r.GetString(1), r.GetInt32(2));
            });
        return problems;
    }

    /// <summary>The open problems, without what was acknowledged of them and who had them.</summary>
    private static List<StoredProblem> Open(RunReader reader) => reader.Query(
        "SELECT id, lane, horizon, state FROM problems WHERE finished = 0 ORDER BY id",
        r => new StoredProblem(
            r.GetInt64(0), r.GetInt32(1), r.GetInt32(2), [], r.IsDBNull(3) ? null : RunReader.DecodeState(RunReader.Blob(r, 3)),
            LaneVersion: -1, Owner: null));

    /// <summary>The newest θ version of the samples of each of these problems that has any.</summary>
    private static Dictionary<long, long> NewestVersions(RunReader reader, IEnumerable<long> problems) => reader.Query(
        """
        SELECT problem_id, max(theta_version) FROM samples WHERE problem_id IN (SELECT value FROM json_each($problems)) GROUP BY problem_id
        """,
        r => KeyValuePair.Create(r.GetInt64(0), r.GetInt64(1)), ("$problems", $"[{string.Join(',', problems)}]")).ToDictionary();

    private static OuterState OuterState(RunReader reader, PublishedTheta theta)
    {
        var vectors = reader.Query(
            "SELECT \"values\" FROM outer_optimizer_vectors ORDER BY place", r => DoubleBytes.Unpack(RunReader.Blob(r, 0)));
        var optimizer = reader.Query(
            "SELECT step FROM outer_optimizer", r => new OuterOptimizerState(r.GetInt64(0), [.. vectors])).Single();
        var rpShare = reader.Query(
            "SELECT updates, gain, cost FROM rp_share", r => new RpShareState(
                r.GetInt64(0), [.. DoubleBytes.Unpack(RunReader.Blob(r, 1))], RpCost.Of(DoubleBytes.Unpack(RunReader.Blob(r, 2)))))
            .Single();
        var average = reader.Query(
            "SELECT updates, sum FROM theta_average", r => new ThetaAverage(r.GetInt64(0), DoubleBytes.Unpack(RunReader.Blob(r, 1))))
            .SingleOrDefault();
        return new OuterState(theta.Theta, theta.Plan, optimizer, rpShare, average);
    }

    private static List<GradientSample> Unmerged(RunReader reader)
    {
        var gradients = reader.Query(
                """
                SELECT problem_id, truncation, estimator, finite, g.seconds, "values"
                FROM samples s JOIN gradients g USING (sequence) LEFT JOIN waiting_gradients w USING (sequence, estimator)
                WHERE counted = 1 AND merged_update IS NULL ORDER BY sequence, estimator
                """,
                r => (Sample: new SampleIdentity(r.GetInt64(0), r.GetInt32(1)), Gradient: ReadGradient(r)))
            .ToLookup(x => x.Sample, x => x.Gradient);
        return reader.Query(
            """
            SELECT problem_id, truncation, theta_version, start_step, steps, losses, finished, seconds
            FROM samples WHERE counted = 1 AND merged_update IS NULL ORDER BY sequence
            """,
            r =>
            {
                var identity = new SampleIdentity(r.GetInt64(0), r.GetInt32(1));
                return new GradientSample
                {
                    Identity = identity,
                    ThetaVersion = r.GetInt64(2),
                    StartStep = r.GetInt32(3),
                    Steps = r.GetInt32(4),
                    Losses = [.. DoubleBytes.Unpack(RunReader.Blob(r, 5))],
                    Gradients = [.. gradients[identity]],
                    ProblemFinished = r.GetBoolean(6),
                    Elapsed = TimeSpan.FromSeconds(r.GetDouble(7)),
                };
            });
    }

    private static MeasuredGradient ReadGradient(SqliteDataReader row) => new(
        new EstimatorId(row.GetString(2)),
        row.GetBoolean(3) ? GradientOutcome.Finite : GradientOutcome.NotFinite,
        row.IsDBNull(5) ? default(ReadOnlyMemory<float>) : FloatBytes.Unpack(RunReader.Blob(row, 5)),
        TimeSpan.FromSeconds(row.GetDouble(4)));
}
