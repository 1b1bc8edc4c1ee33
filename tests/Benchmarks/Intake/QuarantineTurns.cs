using System.Diagnostics;
using System.Globalization;
using LoptCluster.Coordinator;
using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Intake;
using LoptCluster.Coordinator.Loop;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Engine.Verification;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Benchmarks.Intake;

/// <summary>
/// How long the run loop stands when a worker of a fleet of 10,000 with 40,000 open problems is quarantined: the turn with the quarantine,
/// and the longest of those that share out its problems, each with its commit and messages. As many of the worker's samples as there may
/// be wait for an audit.
/// </summary>
/// <remarks>Not BenchmarkDotNet's: single turns count, and on a machine that is not quiet their processor time.</remarks>
internal sealed class QuarantineTurns : IDisposable
{
    private const string Wrong = "worker-0";
    private const int Workers = 10_000, SlotsOfAWorker = 4, Repeats = 5;

    private readonly TemporaryFolder _folder;
    private readonly ServiceProvider _services;

    /// <param name="had">Open problems that the worker has had: its own, or in time all of the run's.</param>
    private QuarantineTurns(int had)
    {
        _folder = new TemporaryFolder();
        var options = new CoordinatorOptions { RunDirectory = _folder.Path, Specification = SmallRun.Long with { AuditShare = 1 } };
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(options)
            .AddSingleton(OpenedRun.Open(options))
            .AddSingleton(Siblings.None)
            .AddSingleton(TimeProvider.System)
            .AddCoordinatorInstruments()
            .AddThetaServing()
            .AddOperations()
            .AddRunParts()
            .BuildServiceProvider();
        _services.GetRequiredService<RunRestorer>().Restore();
        Core.Start();
        for (int i = 0; i < Workers; i++) Core.Handle(new WorkerJoined(Session($"worker-{i}")));
        Turn();
        var ledger = _services.GetRequiredService<ProblemLedger>();
        while (ledger.Open.Count < Workers * SlotsOfAWorker) Turn();
        foreach (var problem in ledger.Open.Take(had)) problem.Holders.TryAdd(Wrong, 0);
        var audits = _services.GetRequiredService<AuditBook>();
        foreach (var problem in ledger.Open.Take(Math.Min(had, AuditBook.MostOpen)))
            audits.OnAccepted(Sample(problem.Id), Wrong, Wrong, DateTimeOffset.UnixEpoch, hasOthers: true);
        Turn();
        while (audits.All.Any(a => a.Auditor is null)) Turn();
        GC.Collect();
    }

    private RunCore Core => _services.GetRequiredService<RunCore>();

    public static void Print(TextWriter output)
    {
        foreach (int had in (int[])[SlotsOfAWorker, Workers * SlotsOfAWorker])
        {
            for (int repeat = 0; repeat < Repeats; repeat++)
            {
                using var turns = new QuarantineTurns(had);
                var none = Measure(turns.Turn);
                var quarantine = Measure(turns.Quarantine);
                var longest = Enumerable.Range(0, 20).Select(_ => Measure(turns.Turn)).MaxBy(t => t.Processor);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{had,6} problems: quarantine {Text(quarantine)}; longest turn after it {Text(longest)}; a turn before {Text(none)}"));
            }
        }
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    private static (double Wall, double Processor) Measure(Action turn)
    {
        double before = Processor();
        var watch = Stopwatch.StartNew();
        turn();
        return (watch.Elapsed.TotalMilliseconds, Processor() - before);
    }

    private static string Text((double Wall, double Processor) time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.Processor:0} ms of processor, {time.Wall:0} ms");

    /// <summary>Processor time of this thread, ms: /proc has it in ns.</summary>
    private static double Processor() =>
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e6;

    private void Quarantine()
    {
        _services.GetRequiredService<WorkerQuarantine>().Impose(
            new StoredClaim(Sample(0), Wrong, Wrong, DateTimeOffset.UnixEpoch), "It was wrong.", DateTimeOffset.UnixEpoch);
        Turn();
    }

    private void Turn()
    {
        var group = Core.End();
        group.Commit();
        group.Publish();
    }

    private static GradientSample Sample(long problem) => new()
    {
        Identity = new SampleIdentity(problem, 0),
        ThetaVersion = 0,
        StartStep = 0,
        Steps = SmallRun.Steps,
        Losses = [.. new double[2 * SmallRun.Steps]],
        Gradients = [],
        ProblemFinished = false,
    };

    private static WorkerSession Session(string id) => new(
        new WorkerHello
        {
            WorkerId = id,
            Host = id,
            Slots = SlotsOfAWorker,
            EngineVersion = EngineVersion.Current,
            SelfCheck = SelfCheck.Value,
            Held = [],
            Instance = "",
        },
        new CancellationTokenSource());
}
