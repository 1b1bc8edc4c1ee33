using System.Diagnostics.Metrics;
using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Instruments;
using LoptCluster.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Telemetry;

public sealed class CoordinatorMetricsTests
{
    [Fact]
    public void Counters_CarryTheirTags()
    {
        using var collected = new Collected();
        collected.Metrics.SampleReceived(SampleVerdict.Accepted, bytes: 100);
        collected.Metrics.SampleReceived(SampleVerdict.Accepted, bytes: 100);
        collected.Metrics.SampleReceived(SampleVerdict.Duplicate, bytes: 10);
        collected.Metrics.MessageRefused(RefusalReason.WrongLength);
        collected.Metrics.WorkerLost();
        collected.Metrics.SampleStored(Fabricated.Sample(0, 0), age: 3);

        Assert.Equal(2, collected[CoordinatorInstruments.Samples, "outcome=accepted"]);
        Assert.Equal(1, collected[CoordinatorInstruments.Samples, "outcome=duplicate"]);
        Assert.Equal(1, collected[CoordinatorInstruments.Refusals, "reason=wrong_length"]);
        Assert.Equal(210, collected[CoordinatorInstruments.SampleReceived, ""]);
        Assert.Equal(1, collected[CoordinatorInstruments.WorkersLost, ""]);
        Assert.Equal(2 * SmallRun.Steps, collected[CoordinatorInstruments.InnerSteps, ""]);
        Assert.Equal(3, collected[CoordinatorInstruments.SampleAge, ""]);
        Assert.Equal(0.25, collected[CoordinatorInstruments.SampleDuration, ""]);
    }

    [Fact]
    public void Gauges_ShowTheLastUpdateTheWorkersAndTheEvaluations()
    {
        using var collected = new Collected();
        var update = new UpdateFigures(8, new Dictionary<string, double>
        {
            ["outer_loss"] = 1.5,
            ["truncation_steps"] = 40,
            ["gradient_norm"] = 4,
            ["learning_rate"] = 1e-3,
            ["rp_share"] = 0.25,
            ["rp_invalid_fraction"] = 0.25,
            ["gradient_norm_rp"] = 6,
            ["gradient_norm_es"] = 7,
            ["weight_es_q0.5"] = 0.2,
            ["variance_rp_q0.9"] = double.PositiveInfinity,
            ["variance_es_q0.1"] = 2,
            ["variance_es"] = 3,
            ["hyper_learning_rate"] = 0.02,
            ["hyper_beta1"] = 0.9,
        });
        collected.Metrics.Updated(update, [TimeSpan.FromSeconds(2)], TimeSpan.FromSeconds(0.5));
        collected.Metrics.Observe(new RunGauges
        {
            Stage = RunStage.Running,
            Version = 8,
            Queued = 9,
            SlotSecondsLeft = 360,
            Fleet = new FleetGauges
            {
                Connected = 2,
                Draining = 1,
                Lost = 3,
                Slots = 5,
                Activities = new Dictionary<string, int> { ["unrolling"] = 2 },
                InnerStepsPerSecond = (10, 20, 30),
                ProblemsAssigned = 4,
            },
            Evaluations = [new(ClassSplit.OuterTest, "theta", 1.25), new(ClassSplit.OuterTrain, "adam", 2.25)],
        });
        collected.Read();

        Assert.Equal(8, collected[CoordinatorInstruments.OuterUpdates, ""]);
        Assert.Equal(0.02, collected["lopt.hyper_parameter", "name=learningRate"]);
        Assert.Equal(0.9, collected["lopt.hyper_parameter", "name=beta1"]);
        Assert.Equal(1, collected[CoordinatorInstruments.RunState, "state=running"]);
        Assert.Equal(0, collected[CoordinatorInstruments.RunState, "state=paused"]);
        Assert.Equal(360, collected[CoordinatorInstruments.RunLeftSlot, ""]);
        Assert.Equal(9, collected[CoordinatorInstruments.QueueDepth, ""]);
        Assert.Equal(2, collected[CoordinatorInstruments.Workers, "state=connected"]);
        Assert.Equal(1, collected[CoordinatorInstruments.Workers, "state=draining"]);
        Assert.Equal(3, collected[CoordinatorInstruments.Workers, "state=lost"]);
        Assert.Equal(5, collected[CoordinatorInstruments.WorkerSlots, ""]);
        Assert.Equal(2, collected[CoordinatorInstruments.WorkerActivity, "activity=unrolling"]);
        Assert.Equal(0, collected[CoordinatorInstruments.WorkerActivity, "activity=waiting"]);
        Assert.Equal(20, collected[CoordinatorInstruments.FleetInnerSteps, "quantile=0.5"]);
        Assert.Equal(4, collected[CoordinatorInstruments.Problems, "state=assigned"]);
        Assert.Equal(1.5, collected["lopt.outer_loss", ""]);
        Assert.Equal(40, collected["lopt.truncation.steps", ""]);
        Assert.Equal(0.2, collected["lopt.weight_es", "quantile=0.5"]);
        Assert.Equal(double.PositiveInfinity, collected["lopt.variance.rp", "quantile=0.9"]);
        Assert.Equal((2, 3), (collected["lopt.variance.es", "quantile=0.1"], collected["lopt.variance.es", "quantile=0.5"]));
        Assert.DoesNotContain(("lopt.variance.es", "quantile=0.9"), collected.Values.Keys);
        Assert.Equal(4, collected["lopt.gradient.norm", "estimator=merged"]);
        Assert.Equal(6, collected["lopt.gradient.norm", "estimator=rp"]);
        Assert.Equal(7, collected["lopt.gradient.norm", "estimator=es"]);
        Assert.Equal(1e-3, collected["lopt.outer_learning_rate", ""]);
        Assert.Equal(0.25, collected["lopt.rp_invalid_fraction", ""]);
        Assert.Equal(0.25, collected["lopt.rp_share", ""]);
        Assert.Equal(2, collected[CoordinatorInstruments.SampleQueue, ""]);
        Assert.Equal(0.5, collected[CoordinatorInstruments.MergeDuration, ""]);
        Assert.Equal(1.25, collected[CoordinatorInstruments.EvaluationLoss, "split=outer_test,optimizer=theta"]);
        Assert.Equal(2.25, collected[CoordinatorInstruments.EvaluationLoss, "split=outer_train,optimizer=adam"]);
    }

    [Fact]
    public void Gauges_UnknownFigures_AreAbsent()
    {
        using var collected = new Collected();
        collected.Read();
        Assert.DoesNotContain(("lopt.outer_loss", ""), collected.Values.Keys);
        Assert.DoesNotContain((CoordinatorInstruments.OuterUpdates, ""), collected.Values.Keys);

        collected.Metrics.Observe(new RunGauges());
        collected.Read();

        Assert.Contains((CoordinatorInstruments.OuterUpdates, ""), collected.Values.Keys);
        foreach (string unknown in (string[])[CoordinatorInstruments.RunLeft, CoordinatorInstruments.RunLeftSlot,
            CoordinatorInstruments.EvaluationBestLoss, CoordinatorInstruments.EvaluationBestVersion])
            Assert.DoesNotContain((unknown, ""), collected.Values.Keys);
    }

    [Fact]
    public async Task RunningCoordinator_WritesThem()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        using var collected = new Collected(coordinator.Services);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        foreach (var problem in await worker.ProblemsAsync(SmallRun.Batch)) await worker.GiveAsync(problem.Next(0));
        await coordinator.StatusAsync(s => s.OuterUpdate == 1);
        collected.Read();

        Assert.Equal(SmallRun.Batch, collected[CoordinatorInstruments.Samples, "outcome=accepted"]);
        Assert.Equal(1, collected[CoordinatorInstruments.OuterUpdates, ""]);
        Assert.Equal(1, collected[CoordinatorInstruments.Workers, "state=connected"]);
        Assert.InRange(collected["lopt.weight_es", "quantile=0.5"], 0, 1);
    }

    /// <summary>Hears one process's instruments: sums of counters, last values of all else, by name and tags.</summary>
    private sealed class Collected : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly TemporaryFolder _folder = new();
        private readonly ServiceProvider? _own;

        public Collected(IServiceProvider? services = null)
        {
            services ??= _own = Own(_folder.Path);
            var factory = services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == InstrumentNames.CoordinatorMeter && instrument.Meter.Scope == factory)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
            Metrics = services.GetRequiredService<CoordinatorMetrics>();
            services.GetRequiredService<CoordinatorGauges>();
            _listener.Start();
        }

        public CoordinatorMetrics Metrics { get; }

        public Dictionary<(string Name, string Tags), double> Values { get; } = [];

        public double this[string name, string tags]
        {
            get
            {
                lock (Values) return Values[(name, tags)];
            }
        }

        public void Read() => _listener.RecordObservableInstruments();

        public void Dispose()
        {
            _listener.Dispose();
            _own?.Dispose();
            _folder.Dispose();
        }

        private static ServiceProvider Own(string folder)
        {
            var options = new CoordinatorOptions { RunDirectory = folder, Specification = SmallRun.Specification };
            using var run = OpenedRun.Open(options);
            return new ServiceCollection()
                .AddMetrics()
                .AddSingleton(options)
                .AddSingleton(run.Context)
                .AddSingleton(new RunTag(""))
                .AddSingleton<RunQueue>()
                .AddSingleton<CoordinatorMetrics>()
                .AddSingleton<CoordinatorGauges>()
                .BuildServiceProvider();
        }

        private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var key = (instrument.Name, string.Join(',', tags.ToArray().Select(t => $"{t.Key}={t.Value}")));
            lock (Values) Values[key] = instrument is Counter<long> ? Values.GetValueOrDefault(key) + value : value;
        }
    }
}
