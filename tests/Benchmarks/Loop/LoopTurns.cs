using System.Diagnostics;
using System.Globalization;
using LoptCluster.Coordinator;
using LoptCluster.Coordinator.Loop;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Engine.Verification;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LoptCluster.Benchmarks.Loop;

/// <summary>The run loop of a coordinator, turn by turn: how long one takes, with its commit and messages.</summary>
/// <remarks>Not BenchmarkDotNet's: single turns count, and on a machine that is not quiet their processor time.</remarks>
internal sealed class LoopTurns : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServiceProvider _services;

    public LoopTurns(RunSpecification specification)
    {
        _folder = new TemporaryFolder();
        var options = new CoordinatorOptions { RunDirectory = _folder.Path, Specification = specification };
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(options)
            .AddSingleton(OpenedRun.Open(options))
            .AddSingleton(Siblings.None)
            .AddSingleton<TimeProvider>(Time)
            .AddCoordinatorInstruments()
            .AddThetaServing()
            .AddOperations()
            .AddRunParts()
            .BuildServiceProvider();
        Get<RunRestorer>().Restore();
        Get<RunCore>().Start();
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddDays(20_000));

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public void Handle(RunEvent e) => Get<RunCore>().Handle(e);

    /// <summary>Ends the events that were handled since the last turn.</summary>
    public void Turn()
    {
        var group = Get<RunCore>().End();
        group.Commit();
        group.Publish();
    }

    /// <returns>Time on the clock and processor time of this thread, ms.</returns>
    public static (double Wall, double Processor) Measure(Action turn)
    {
        double before = Processor();
        var watch = Stopwatch.StartNew();
        turn();
        return (watch.Elapsed.TotalMilliseconds, Processor() - before);
    }

    /// <summary>The longest of so many turns.</summary>
    public (double Wall, double Processor) Longest(int turns) =>
        Enumerable.Range(0, turns).Select(_ => Measure(Turn)).MaxBy(t => t.Processor);

    public static string Text((double Wall, double Processor) time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.Processor:0} ms of processor, {time.Wall:0} ms");

    public static GradientSample Sample(long problem, int truncation = 0) => new()
    {
        Identity = new SampleIdentity(problem, truncation),
        ThetaVersion = 0,
        StartStep = truncation * SmallRun.Steps,
        Steps = SmallRun.Steps,
        Losses = [.. new double[2 * SmallRun.Steps]],
        Gradients = [],
        ProblemFinished = false,
    };

    public static WorkerSession Session(string id, int slots) => new(
        new WorkerHello
        {
            WorkerId = id,
            Host = id,
            Slots = slots,
            EngineVersion = EngineVersion.Current,
            SelfCheck = SelfCheck.Value,
            Held = [],
            Instance = "",
        },
        new CancellationTokenSource());

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    /// <summary>Of this thread: /proc has it in ns.</summary>
    private static double Processor() =>
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e6;
}
