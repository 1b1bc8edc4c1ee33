using System.Text.Json;
using System.Text.Json.Nodes;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Evaluation.Judgement;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using static LoptCluster.Cli.Report.SummaryNumbers;

namespace LoptCluster.Cli.Report;

/// <summary>Writes summary.json: the figures of a run under stable names (docs/SUMMARY.md).</summary>
/// <remarks>A number or section that does not exist is null.</remarks>
internal static class SummaryWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(string path, ReportData data) =>
        File.WriteAllText(path, Compose(data).ToJsonString(Indented) + Environment.NewLine);

    internal static JsonObject Compose(ReportData data)
    {
        var training = data.Training;
        return new JsonObject
        {
            ["preset"] = data.Specification.Name,
            ["runId"] = data.RunId,
            ["engineVersion"] = EngineVersion.Current,
            ["seed"] = data.Specification.Seed,
            ["dataset"] = data.Dataset,
            ["objective"] = SpecificationWord.Of(data.Specification.Objective),
            ["estimator"] = SpecificationWord.Of(data.Specification.Estimator),
            ["optimizer"] = OptimizerFamilies.Of(data.Specification.Optimizer).Name,
            ["hyperParameters"] = HyperParameters(data),
            ["horizonInnerSteps"] = data.Specification.LongestInnerSteps(),
            ["wallSeconds"] = data.WallSeconds is { } wall ? Number(wall) : null,
            ["trainingSeconds"] = training is null ? null : Number(training.Seconds),
            ["outerUpdates"] = training?.OuterUpdates,
            ["thetaVersion"] = data.Theta.Version,
            ["origin"] = LineageJson.Origin(data.Lineage),
            ["prolongations"] = LineageJson.Prolongations(data.Lineage),
            ["thetaAverage"] = ThetaAverage(data),
            ["samples"] = training is null ? null : Samples(training),
            ["training"] = training is null ? null : Figures(new TrainingFigures(training.History)),
            ["evaluations"] = training is null ? null : Evaluations(training),
            ["comparison"] = WithKinds(data.Comparison, data.Specification.Seed),
        };
    }

    /// <summary>The average of θ and θ of the last version, on the evaluation tasks; null if the run keeps no average.</summary>
    private static JsonObject? ThetaAverage(ReportData data)
    {
        if (data is not { Training: { } training, Specification.ThetaAverageDecay: > 0 and var decay }) return null;
        var last = training.History.LastOrDefault(row => double.IsFinite(row.AverageOuterTrain) && double.IsFinite(row.AverageOuterTest));
        return new JsonObject
        {
            ["decay"] = decay,
            ["evaluatedVersion"] = last?.OuterUpdate,
            ["outerTrain"] = Number(last?.AverageOuterTrain ?? double.NaN),
            ["outerTest"] = Number(last?.AverageOuterTest ?? double.NaN),
            ["thetaOuterTrain"] = Number(last?.EvaluationOuterTrain ?? double.NaN),
            ["thetaOuterTest"] = Number(last?.EvaluationOuterTest ?? double.NaN),
        };
    }

    private static JsonObject HyperParameters(ReportData data)
    {
        var layout = OptimizerFamilies.Of(data.Specification.Optimizer).Theta;
        return new JsonObject(layout.HyperParameters.Zip(
            layout.Values(data.Theta.Values.Span), (h, value) => KeyValuePair.Create<string, JsonNode?>(h.Name, Number(value))));
    }

    /// <summary>The evaluations while training, oldest first.</summary>
    private static JsonArray Evaluations(TrainingRecord training) => new(
    [
        .. training.History.Where(row => double.IsFinite(row.EvaluationOuterTest)).Select(row => (JsonNode)new JsonObject
        {
            ["outerUpdate"] = row.OuterUpdate,
            ["seconds"] = Number(row.Seconds),
            ["outerTrain"] = Number(row.EvaluationOuterTrain),
            ["outerTest"] = Number(row.EvaluationOuterTest),
            ["byTask"] = row.EvaluationByKind.Count == 0
                ? null
                : new JsonObject(row.EvaluationByKind.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(
                    kind => KeyValuePair.Create<string, JsonNode?>(
                        kind.Key,
                        new JsonObject { ["outerTrain"] = Number(kind.Value.OuterTrain), ["outerTest"] = Number(kind.Value.OuterTest) }))),
        }),
    ]);

    private static JsonObject Samples(TrainingRecord training) => new()
    {
        ["accepted"] = training.SamplesAccepted,
        ["rpComputed"] = training.SamplesRpComputed,
        ["rpInvalid"] = training.SamplesRpInvalid,
        ["seconds"] = Number(training.SampleSeconds),
        ["rpSeconds"] = Number(training.SampleSecondsRp),
    };

    /// <summary>The figures that the table gives to the summary. Names do not depend on the run: what it did not measure is null.</summary>
    private static JsonObject Figures(TrainingFigures training)
    {
        var json = new JsonObject();
        foreach (var figure in UpdateFigureTable.All)
        {
            string name = FigureNames.PascalCase(figure);
            if (figure.Summary.HasFlag(FigureSummary.FirstAndLast))
                (json[$"first{name}"], json[$"last{name}"]) = (Number(training.First(figure)), Number(training.Last(figure)));
            if (figure.Summary.HasFlag(FigureSummary.Maximum)) json[$"max{name}"] = Number(training.Maximum(figure));
        }

        return json;
    }

    private static JsonObject WithKinds(Comparison comparison, long seed)
    {
        var json = Comparison(comparison, seed);
        json["byTask"] = comparison.Kinds.Count == 0
            ? null
            : new JsonObject(
                comparison.ByKind().Select(
                    part => KeyValuePair.Create<string, JsonNode?>(part.Kind, Comparison(part.Comparison, seed))));
        return json;
    }

    private static JsonObject Comparison(Comparison comparison, long seed)
    {
        var judgement = new ComparisonJudgement(comparison, seed);
        var against = new JsonObject();
        foreach (var baseline in comparison.Baselines)
        {
            var a = comparison.Against(baseline.Name);
            against[baseline.Name] = new JsonObject
            {
                ["shareWon"] = Number(a.ShareWon),
                ["medianImprovement"] = Number(a.MedianImprovement),
                ["shareWonFinal"] = Number(a.ShareWonFinal),
                ["medianImprovementFinal"] = Number(a.MedianImprovementFinal),
                ["train"] = JudgementJson.Against(judgement, baseline.Name, OuterObjective.Train),
                ["valid"] = JudgementJson.Against(judgement, baseline.Name, OuterObjective.Valid),
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
            ["accuracy"] = JudgementJson.Accuracies(judgement),
            ["stepSeconds"] = JudgementJson.StepSeconds(judgement),
            ["rules"] = JudgementJson.Rules(comparison),
            ["rankings"] = JudgementJson.Rankings(comparison, seed),
            ["profiles"] = JudgementJson.Profiles(comparison, seed),
        };
    }

    private static JsonObject Losses(ComparedOptimizer optimizer) => new(LossMeasure.All.Select(
        measure => KeyValuePair.Create<string, JsonNode?>(measure.Name, Spread(optimizer.Losses.Select(measure.Of)))));
}
