using System.Globalization;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Kubernetes.Autoscaling;

/// <summary>The query of the ScaledObject, as it is delivered, answered by Prometheus' own engine over written histories.</summary>
public class WantedWorkersTests
{
    /// <summary>A batch of 16 and 120 updates an hour: 0.533 samples/s.</summary>
    private const double NeededPerSecond = 16 * 120 / 3600.0;

    [Fact]
    public void Wanted_HalfThePace_DoublesTheWorkers() => Fleet(10, NeededPerSecond / 2).AssertWanted(20);

    [Fact]
    public void Wanted_TwiceThePace_HalvesTheWorkers() => Fleet(10, NeededPerSecond * 2).AssertWanted(5);

    [Fact]
    public void Wanted_OnPace_StaysAsItIs() => Fleet(10, NeededPerSecond).AssertWanted(10);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Wanted_YoungerThanTheWindow_DoesNotLookSlow(int minutes) =>
        (Fleet(10, NeededPerSecond) with { Minutes = minutes }).AssertWanted(10);

    [Fact]
    public void Wanted_NobodyThere_BeginsWithFour() => Fleet(0, 0, "waiting_for_workers").AssertWanted(4);

    [Fact]
    public void Wanted_NoSampleYet_KeepsThoseThatCame() => Fleet(7, 0).AssertWanted(7);

    [Theory]
    [InlineData("paused")]
    [InlineData("draining")]
    [InlineData("finished")]
    public void Wanted_NothingToDo_IsNone(string state) => Fleet(10, NeededPerSecond / 2, state).AssertWanted(0);

    [Fact]
    public void Wanted_BatchesWaitAtTheCoordinator_NoMore() =>
        (Fleet(10, NeededPerSecond / 2) with { LoopBacklog = 40 }).AssertWanted(10);

    [Fact]
    public void Wanted_BatchesWaitButThePaceIsKept_StillFewer() =>
        (Fleet(10, NeededPerSecond * 2) with { LoopBacklog = 40 }).AssertWanted(5);

    [Fact]
    public void Wanted_HalfABatchWaits_IsNoBrake() =>
        (Fleet(10, NeededPerSecond / 2) with { QueueDepth = 8, LoopBacklog = 3 }).AssertWanted(20);

    [Fact]
    public void Wanted_QueueAndBacklogTogetherMakeABatch_NoMore() =>
        (Fleet(10, NeededPerSecond / 2) with { QueueDepth = 12, LoopBacklog = 5 }).AssertWanted(10);

    [Fact]
    public void Wanted_Synchronous_NoMoreSlotsThanSamples() =>
        (Fleet(3, NeededPerSecond / 10) with { Mode = "synchronous" }).AssertWanted(4);

    [Fact]
    public void Wanted_CoordinatorAway_HasNoAnswer() => (Fleet(10, 1) with { Namespace = "another" }).AssertWanted(null);

    /// <summary>A run of another namespace, with a hundred workers at the same Prometheus, changes nothing.</summary>
    [Fact]
    public void Wanted_AnotherRunInItsNamespace_IsNotLookedAt() =>
        (Fleet(10, NeededPerSecond / 2) with { Beside = Fleet(100, NeededPerSecond * 3) with { Namespace = "another", LoopBacklog = 900 } })
        .AssertWanted(20);

    /// <summary>That promtool looks at the answer at all.</summary>
    [Fact]
    public void Wanted_ExpectedWrongly_Fails() =>
        Assert.ThrowsAny<Xunit.Sdk.TrueException>(() => Fleet(10, NeededPerSecond).AssertWanted(11));

    private static History Fleet(int workers, double samplesPerSecond, string state = "running") => new(workers, samplesPerSecond, state);

    /// <summary>An unchanging fleet, four slots a worker.</summary>
    private sealed record History(int Workers, double SamplesPerSecond, string State)
    {
        private static readonly string[] States = ["waiting_for_workers", "running", "paused", "draining", "finished"];

        public static string Query { get; } = Manifests.Of("fleet").One(
            "ScaledObject", "lopt-worker").At("spec/triggers/0/metadata").Text("query")!;

        /// <summary>Age of the run when the question is asked.</summary>
        public int Minutes { get; init; } = 20;

        public string Namespace { get; init; } = "lopt";

        public string Mode { get; init; } = "asynchronous";

        public int QueueDepth { get; init; }

        public int LoopBacklog { get; init; }

        /// <summary>Another run that the same Prometheus reads.</summary>
        public History? Beside { get; init; }

        public void AssertWanted(int? workers)
        {
            using var folder = new TemporaryFolder();
            string file = folder.PathOf("test.yaml");
            File.WriteAllText(file, Test(workers));
            var (status, output, error) = Tool.Run("promtool", "test", "rules", file);
            Assert.True(status == 0, output + error);
        }

        private string Test(int? workers)
        {
            string[] series = [.. AllSeries(), .. Beside?.AllSeries() ?? []];
            string samples = workers is null
                ? "[]"
                : string.Create(CultureInfo.InvariantCulture, $"[{{ labels: '{{namespace=\"{Namespace}\"}}', value: {workers} }}]");
            return $$"""
                tests:
                  - interval: 15s
                    input_series:
                {{string.Join('\n', series)}}
                    promql_expr_test:
                      - expr: |
                {{Indent(10, $"round({Query}\n, 0.01)")}}
                        eval_time: {{Minutes}}m
                        exp_samples: {{samples}}
                """;
        }

        private IEnumerable<string> AllSeries() =>
            [
                .. States.Select(s => Series($"lopt_run_state{{{Labels},state=\"{s}\"}}", s == State ? 1 : 0)),
                Series($"lopt_run_info{{{Labels},mode=\"{Mode}\"}}", 1),
                Series($"lopt_batch_samples{{{Labels}}}", 16),
                Series($"lopt_workers{{{Labels},state=\"connected\"}}", Workers),
                Series($"lopt_workers{{{Labels},state=\"lost\"}}", 99),
                Series($"lopt_worker_slots{{{Labels}}}", 4 * Workers),
                Series($"lopt_queue_depth{{{Labels}}}", QueueDepth),
                Series($"lopt_loop_backlog{{{Labels}}}", LoopBacklog),
                Series($"lopt_run_training_seconds{{{Labels}}}", 70_000, State == "running" ? 15 : 0),
                Series($"lopt_samples_total{{{Labels},outcome=\"accepted\"}}", 1_000_000, 15 * SamplesPerSecond),
                Series($"lopt_samples_total{{{Labels},outcome=\"stale\"}}", 0, 1000),
            ];

        private string Labels => $"namespace=\"{Namespace}\",job=\"lopt-coordinator\",instance=\"{Namespace}/lopt-coordinator-0\"";

        private static string Series(string name, double first, double step = 0) =>
            string.Create(CultureInfo.InvariantCulture, $"      - {{ series: '{name}', values: '{first}+{step}x100' }}");

        private static string Indent(int spaces, string text) =>
            string.Join('\n', text.Split('\n').Select(l => new string(' ', spaces) + l));
    }
}
