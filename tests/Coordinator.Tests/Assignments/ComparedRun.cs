using System.Text.Json;
using System.Text.Json.Serialization;
using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Baseline = LoptCluster.Engine.Evaluation.Baseline;

namespace LoptCluster.Coordinator.Tests.Assignments;

/// <summary>A comparison of a small θ on three tasks with four baselines, one of them with a θ of another run; and its parts.</summary>
internal sealed class ComparedRun : IDisposable
{
    public const int Tasks = 3;

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly ComparisonArena _arena;

    public ComparedRun()
    {
        var trained = SmallRun.Specification with { Optimizer = OptimizerKind.Momentum, Nesterov = true };
        Specification = ComparisonOptions.SpecificationOf(
            SmallRun.Specification with { ComparisonTasks = Tasks, CurveEverySteps = 3, Objective = OuterObjective.Valid });
        Baselines =
        [
            Baseline.Adam, Baseline.Momentum with { Settings = [.. Baseline.Momentum.Settings[..4]] },
            Baseline.Published(OptimizerFamilies.ScheduleFreeAdamW),
            new Baseline(
                "momentumTrained", "SGD + momentum, outer-trained", OptimizerFamilies.Momentum, Ruleset.Tuned,
                [OptimizerFactory.InitialTheta(trained)])
            {
                TrainedWith = trained,
            },
        ];
        _arena = new ComparisonArena(Specification, SmallRun.Dataset);
    }

    public RunSpecification Specification { get; }

    public System.Collections.Immutable.ImmutableArray<Baseline> Baselines { get; }

    public int Parts => Tasks * (Baselines.Length + 1);

    /// <summary>What <c>lopt evaluate</c> computes.</summary>
    public string Local => Text(ComparisonRunner.Run(
        Specification, SmallRun.Dataset, SmallRun.Theta(3).Theta.Values.ToArray(), null, default, baselines: Baselines));

    /// <summary>The comparison, whole: equal texts have equal bits.</summary>
    public static string Text(Comparison comparison) => JsonSerializer.Serialize(comparison, Json);

    public Task<RunningCoordinator> StartAsync(TemporaryFolder folder, Func<ComparisonOptions, ComparisonOptions>? with = null)
    {
        var theta = SmallRun.Theta(3).Theta;
        var origin = new ThetaOrigin("theta.safetensors", Convert.ToHexStringLower(theta.Checksum()), 3, "trained", "");
        var asked = new ComparisonOptions { Theta = new WarmStart(theta with { Version = 0 }, origin, null), Baselines = Baselines };
        return RunningCoordinator.StartAsync(
            folder, Specification, options => options with { Comparison = with?.Invoke(asked) ?? asked });
    }

    public static Task<ComparisonPart> PartAsync(ScriptedWorker worker) => worker.ExpectAsync(m => m.Assignment?.ComparisonPart);

    /// <summary>The result of a part, as a worker computes it.</summary>
    public ComparisonPartResult Compute(ComparisonPart part)
    {
        var result = part.Theta is { } theta
            ? _arena.Run(part.Task, theta.Values.ToArray(), default)
            : _arena.Run(part.Task, BaselineOf(part.Baseline), default);
        var l = result.Losses;
        return new ComparisonPartResult
        {
            PartId = part.PartId,
            Setting = result.Setting,
            Seconds = 1,
            Losses = { l.TrainMean, l.TrainFinal, l.ValidMean, l.ValidFinal, l.TrainAccuracy, l.ValidAccuracy },
            TrainCurve = { result.TrainCurve },
            ValidCurve = { result.ValidCurve },
        };
    }

    /// <summary>Computes parts until so many are done.</summary>
    /// <returns>The parts.</returns>
    public async Task<List<ComparisonPart>> WorkAsync(ScriptedWorker worker, int count)
    {
        var parts = new List<ComparisonPart>();
        while (parts.Count < count)
        {
            parts.Add(await PartAsync(worker));
            await SendAsync(worker, Compute(parts[^1]));
        }

        return parts;
    }

    public static Task SendAsync(ScriptedWorker worker, ComparisonPartResult result) =>
        worker.SendAsync(new WorkerMessage { ComparisonPartResult = result });

    public void Dispose() => _arena.Dispose();

    private static Baseline BaselineOf(ComparisonPart.Types.Baseline baseline) => new(
        "", "", OptimizerFamilies.Find(baseline.Family)!, Ruleset.PerTask, [.. baseline.Settings.Select(s => s.Values.ToArray())])
    {
        TrainedWith = baseline.TrainedWithJson.Length > 0 ? SpecificationJson.Deserialize(baseline.TrainedWithJson) : null,
    };
}
