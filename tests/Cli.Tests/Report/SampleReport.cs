using LoptCluster.Cli.Report;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Tests.Report;

/// <summary>A made-up run: θ's losses are 0.8 of Adam's on three of four tasks.</summary>
internal static class SampleReport
{
    public static ReportData Create(int updates = 50) => new()
    {
        Specification = new RunSpecification { Name = "a<b>" },
        RunId = "run1",
        Dataset = "procedural",
        Theta = new ThetaSnapshot(40, new float[610]),
        WallSeconds = 61.5,
        Training = new TrainingRecord
        {
            Seconds = 50,
            SamplesAccepted = 800,
            SamplesRpInvalid = 3,
            SamplesRpComputed = 600,
            SampleSeconds = 90,
            SampleSecondsRp = 40,
            BaselineOuterTest = 0.9,
            History = [.. Enumerable.Range(1, updates).Select(update => Row(update, updates))],
        },
        Comparison = new Comparison(
            OuterObjective.Valid,
            Tasks: 4,
            new CurveIntervals(EverySteps: 10),
            Optimizer("learned", "learned", [0.8, 0.8, 0.8, 1.5]),
            [.. Baseline.Standard.Select(b => Optimizer(b.Name, b.Title, [1, 1, 1, 1]))])
        {
            InnerSteps = [60, 60, 60, 60],
        },
    };

    /// <summary>The same against eleven baselines, each a little worse than the one before.</summary>
    public static ReportData CreateWithElevenBaselines()
    {
        var data = Create();
        string[] names =
        [
            "adam", "rmsProp", "momentum", "adamRegDecay", "rmsPropRegDecay", "momentumRegDecay", "adamW", "nAdamW", "scheduleFree", "lion",
            "muon",
        ];
        double[] losses = [0.7, 0.8, 1.1, 0.9];
        var baselines = names.Select((name, i) => Optimizer(
            name,
            name == "scheduleFree" ? "Schedule-Free AdamW" : name,
            [.. losses.Select((loss, task) => loss * (1 + (0.04 * i * (1 + (task % 2)))))]));
        return data with { Comparison = data.Comparison with { Baselines = [.. baselines] } };
    }

    private static HistoryRow Row(int update, int updates) => new()
    {
        OuterUpdate = update,
        Seconds = update,
        Figures =
        {
            ["outer_loss"] = 2 - (update / 100.0),
            ["truncation_steps"] = 20 + update,
            ["weight_es"] = update / 100.0,
            ["variance_rp"] = update == updates ? double.PositiveInfinity : Math.Exp(update),
            ["variance_es"] = 1,
            ["rp_share"] = update <= updates / 2 ? 1 : 0.25,
            ["gradient_norm"] = 1,
        },
        EvaluationOuterTrain = update % 10 == 0 ? 1.5 : double.NaN,
        EvaluationOuterTest = update % 10 == 0 ? 1.6 : double.NaN,
    };

    private static ComparedOptimizer Optimizer(string name, string title, double[] losses)
    {
        double scale = losses[0];
        Quartiles[] curve =
            [.. Enumerable.Range(0, 6).Select(i => new Quartiles(scale / (1.0 + i), 2 * scale / (1.0 + i), 3 * scale / (1.0 + i)))];
        float[][] curves = [.. losses.Select(l => (float[])[.. ((double[])[2, 1.5, 1, 0.8, 0.6, 0.5]).Select(part => (float)(l * part))])];
        return new ComparedOptimizer(
            name,
            title,
            [.. losses.Select(l => new InnerTrainingLosses(l, l / 2, l, l / 2) { TrainAccuracy = 0.9, ValidAccuracy = 0.8 })],
            curve,
            curve,
            [])
        {
            Rules = name == "learned" ? null : new BaselineRules(Ruleset.PerTask, 11, 0, 0, 0),
            TrainCurves = curves,
            ValidCurves = curves,
            StepTimes = [.. losses.Select(_ => new StepTime(1e-5, name == "learned" ? 3e-6 : 2e-6))],
        };
    }
}
