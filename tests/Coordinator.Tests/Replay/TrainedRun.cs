using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.Loop;
using LoptCluster.Coordinator.Replay;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Training;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Tests.Replay;

/// <summary>
/// A run in a folder that the engine and a coordinator's parts have trained: problems take turns, every third sample is computed at a θ
/// two versions older than the newest, and problems are open at the end.
/// </summary>
internal sealed class TrainedRun : IDisposable
{
    public const int Updates = 14;

    public TrainedRun(RunSpecification specification)
    {
        Specification = specification;
        using var parts = new RunParts(specification, Folder.Path);
        using var slot = new Slot(specification, SmallRun.Dataset);
        parts.Get<RunRestorer>().Restore();
        Train(parts, slot);
    }

    public RunSpecification Specification { get; }

    public TemporaryFolder Folder { get; } = new();

    /// <summary>The batches, in merge order, with all their gradients.</summary>
    public List<GradientSample[]> Batches { get; } = [];

    public string PathOf(string file) => Folder.PathOf(file);

    public ReplayableRun Open() => ReplayableRun.Open(Folder.Path);

    /// <summary>Options of a replay that may unroll.</summary>
    public ReplayOptions Options(params string[] whatIf) => new()
    {
        Specification = WhatIf.Of(Specification, whatIf),
        CreateSlot = () => new Slot(Specification, SmallRun.Dataset),
        Slots = 2,
    };

    /// <summary>Options of a replay that fails if it has to unroll.</summary>
    public ReplayOptions FromLedger(params string[] whatIf) => Options(whatIf) with
    {
        OnRecompute = (update, _) => throw new InvalidOperationException($"Update {update} was unrolled again."),
    };

    /// <summary>Changes a file of the run behind its back.</summary>
    public void Execute(string file, string sql, params (string Name, object Value)[] parameters)
    {
        using var connection = new SqliteConnection($"Data Source={PathOf(file)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }

    public void Dispose() => Folder.Dispose();

    private void Train(RunParts parts, Slot slot)
    {
        var (writer, batch) = (parts.Get<RunWriter>(), parts.Get<SampleBatch>());
        var (trainer, mode) = (parts.Get<OuterTrainer>(), parts.Get<IRunMode>());
        int lanes = Specification.BatchSamples;
        var states = new Dictionary<long, InnerState>();
        var thetas = new List<PublishedTheta> { trainer.Published };
        long next = 0;
        for (int turn = 0; trainer.Theta.Version < Updates; turn++)
        {
            // Lanes come in another order than they are merged in.
            int lane = (turn + (turn / lanes)) % lanes;
            if (states.Values.FirstOrDefault(s => s.ProblemId % lanes == lane) is not { } state)
            {
                while (next % lanes != lane) next++;
                writer.AddProblem(next, lane, Specification.InnerSteps);
                states[next] = state = slot.Begin(next++);
            }

            bool isOld = Specification.Mode == RunMode.Asynchronous && turn % 3 == 0 && thetas.Count > 2;
            var sample = slot.Measure(state, isOld ? thetas[^3] : thetas[^1], default);
            writer.AddSample(sample, counted: true, $"worker-{lane}", parts.Time.GetUtcNow());
            if (sample.ProblemFinished)
            {
                states.Remove(state.ProblemId);
                writer.FinishProblem(state.ProblemId);
            }

            batch.Add(new QueuedSample(new OpenProblem(state.ProblemId, lane, Specification.InnerSteps), sample, 0));
            Gathered.Add((lane, sample));
            if (trainer.TryUpdate(turn) is not { } theta) continue;
            thetas.Add(theta);
            Batches.Add([.. mode.InMergeOrder(Gathered, g => g.Lane).Select(g => g.Sample)]);
            Gathered.Clear();
            writer.Commit();
        }
    }

    private List<(int Lane, GradientSample Sample)> Gathered { get; } = [];
}
