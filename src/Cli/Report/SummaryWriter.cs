using System.Text.Json;
using System.Text.Json.Nodes;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Report;

/// <summary>summary.json: the run in numbers, under names that stay (docs/SUMMARY.md). A number that does not exist is null.</summary>
internal static class SummaryWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(string path, ReportData data) => File.WriteAllText(path, Compose(data).ToJsonString(Indented) + Environment.NewLine);

    internal static JsonObject Compose(ReportData data)
    {
        var training = TrainingFigures.Of(data.History);
        return new JsonObject
        {
            ["preset"] = data.Specification.Name,
            ["runId"] = data.RunId,
            ["engineVersion"] = EngineVersion.Current,
            ["seed"] = data.Specification.Seed,
            ["dataset"] = data.Dataset,
            ["objective"] = JsonNamingPolicy.CamelCase.ConvertName(data.Specification.Objective.ToString()),
            ["estimator"] = JsonNamingPolicy.CamelCase.ConvertName(data.Specification.Estimator.ToString()),
            ["optimizer"] = OptimizerFamilies.Of(data.Specification.Optimizer).Name,
            ["hyperParameters"] = HyperParameters(data),
            ["horizonInnerSteps"] = data.Specification.InnerSteps,
            ["wallSeconds"] = Number(data.WallSeconds),
            ["trainingSeconds"] = Number(data.TrainingSeconds),
            ["outerUpdates"] = data.History.Count > 0 ? data.History[^1].OuterUpdate : 0,
            ["thetaVersion"] = data.Theta.Version,
            ["samples"] = new JsonObject
            {
                ["accepted"] = data.SamplesAccepted,
                ["rpComputed"] = data.SamplesRpComputed,
                ["rpInvalid"] = data.SamplesRpInvalid,
                ["seconds"] = Number(data.SampleSeconds),
                ["rpSeconds"] = Number(data.SampleSecondsRp),
            },
            ["training"] = new JsonObject
            {
                ["firstOuterLoss"] = Number(training.FirstOuterLoss),
                ["lastOuterLoss"] = Number(training.LastOuterLoss),
                ["firstWeightEs"] = Number(training.FirstWeightEs),
                ["lastWeightEs"] = Number(training.LastWeightEs),
                ["firstRpShare"] = Number(training.FirstRpShare),
                ["lastRpShare"] = Number(training.LastRpShare),
                ["maxVarianceRp"] = Number(training.MaxVarianceRp),
                ["maxVarianceEs"] = Number(training.MaxVarianceEs),
            },
            ["comparison"] = Comparison(data.Comparison),
        };
    }

    private static JsonObject HyperParameters(ReportData data)
    {
        var layout = OptimizerFamilies.Of(data.Specification.Optimizer).Theta;
        return new JsonObject(layout.HyperParameters.Zip(
            layout.Values(data.Theta.Values.Span), (h, value) => KeyValuePair.Create<string, JsonNode?>(h.Name, Number(value))));
    }

    private static JsonObject Comparison(Comparison comparison)
    {
        var against = new JsonObject();
        foreach (var baseline in comparison.Baselines)
        {
            var a = comparison.Against(baseline.Name);
            against[baseline.Name] = new JsonObject
            {
                ["shareWon"] = Number(a.ShareWon),
                ["medianImprovement"] = Number(a.MedianImprovement),
                ["shareWonFinal"] = Number(a.ShareWonFinal),
            };
        }

        var optimizers = new JsonObject { ["learned"] = Losses(comparison.Learned) };
        foreach (var baseline in comparison.Baselines) optimizers[baseline.Name] = Losses(baseline);
        return new JsonObject
        {
            ["tasks"] = comparison.Tasks,
            ["learningRates"] = new JsonArray([.. Baseline.LearningRates.Select(r => (JsonNode)r)]),
            ["against"] = against,
            ["losses"] = optimizers,
        };
    }

    private static JsonObject Losses(ComparedOptimizer optimizer) => new()
    {
        ["trainMean"] = Spread(optimizer.Losses.Select(l => l.TrainMean)),
        ["trainFinal"] = Spread(optimizer.Losses.Select(l => l.TrainFinal)),
        ["validMean"] = Spread(optimizer.Losses.Select(l => l.ValidMean)),
        ["validFinal"] = Spread(optimizer.Losses.Select(l => l.ValidFinal)),
    };

    private static JsonObject Spread(IEnumerable<double> values)
    {
        var q = Quartiles.Of(values);
        return new JsonObject { ["lowerQuartile"] = Number(q.Lower), ["median"] = Number(q.Median), ["upperQuartile"] = Number(q.Upper) };
    }

    private static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
