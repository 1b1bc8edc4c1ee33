using System.Text.Json.Nodes;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Evaluation.Judgement;
using LoptCluster.Shared.Specification;
using static LoptCluster.Cli.Report.SummaryNumbers;

namespace LoptCluster.Cli.Report;

/// <summary>Rankings, performance profiles, accuracies and times of a comparison, as summary.json has them (docs/SUMMARY.md).</summary>
internal static class JudgementJson
{
    /// <summary>θ against a baseline on one split.</summary>
    public static JsonObject Against(ComparisonJudgement judgement, string baseline, OuterObjective split)
    {
        var against = judgement.Comparison.Against(baseline, split);
        var until = judgement.Until(baseline, split);
        return new JsonObject
        {
            ["shareWon"] = Number(against.ShareWon),
            ["medianImprovement"] = Number(against.MedianImprovement),
            ["improvement"] = Interval(judgement.Improvement(baseline, LossMeasure.Mean(split))),
            ["shareWonFinal"] = Number(against.ShareWonFinal),
            ["medianImprovementFinal"] = Number(against.MedianImprovementFinal),
            ["improvementFinal"] = Interval(judgement.Improvement(baseline, LossMeasure.Final(split))),
            ["untilFinalLoss"] = new JsonObject
            {
                ["shareReached"] = Number(until.ShareReached),
                ["steps"] = Spread(until.Steps),
                ["stepsShare"] = Spread(until.StepsShare),
                ["seconds"] = Spread(until.Seconds),
                ["secondsShare"] = Spread(until.SecondsShare),
            },
        };
    }

    /// <summary>How the settings of each baseline were chosen, and what that has cost.</summary>
    public static JsonObject Rules(Comparison comparison) => new(
        comparison.Baselines.Select(baseline => KeyValuePair.Create<string, JsonNode?>(baseline.Name, Rules(baseline.Rules))));

    /// <summary>For each ruleset and each of the four losses, the optimizers from the best to the worst.</summary>
    public static JsonObject Rankings(Comparison comparison, long seed) => ByRuleset(comparison, seed, judgement =>
        ByMeasure(measure => new JsonArray(
        [
            .. judgement.Ranking(measure).Select(place => (JsonNode)new JsonObject
            {
                ["rank"] = place.Rank,
                ["optimizer"] = place.Optimizer.Name,
                ["relativeLoss"] = Interval(place.Loss),
            }),
        ])));

    public static JsonObject Profiles(Comparison comparison, long seed)
    {
        var json = ByRuleset(comparison, seed, judgement => ByMeasure(measure => new JsonObject(
            judgement.Optimizers.Zip(judgement.Ratios(measure), (optimizer, ratios) => KeyValuePair.Create<string, JsonNode?>(
                optimizer.Name,
                new JsonArray([.. PerformanceProfile.Factors.Select(f => Number(PerformanceProfile.ShareWithin(ratios, f)))]))))));
        json.Insert(0, "factors", new JsonArray([.. PerformanceProfile.Factors.Select(factor => (JsonNode)factor)]));
        return json;
    }

    public static JsonObject Accuracies(ComparisonJudgement judgement) => ByOptimizer(judgement, optimizer => new JsonObject
    {
        ["train"] = Spread(optimizer.Accuracies(OuterObjective.Train)),
        ["valid"] = Spread(optimizer.Accuracies(OuterObjective.Valid)),
    });

    public static JsonObject StepSeconds(ComparisonJudgement judgement) => ByOptimizer(judgement, optimizer =>
        ComparisonJudgement.MeanStepTime(optimizer) is not { } time
            ? null
            : new JsonObject
            {
                ["gradient"] = Number(time.GradientSeconds),
                ["update"] = Number(time.UpdateSeconds),
                ["innerStep"] = Number(time.InnerStepSeconds),
            });

    private static JsonObject? Rules(BaselineRules? rules) => rules is null
        ? null
        : new JsonObject
        {
            ["ruleset"] = SpecificationWord.Of(rules.Ruleset),
            ["settings"] = rules.Settings,
            ["configurations"] = rules.Configurations,
            ["innerSteps"] = rules.InnerSteps,
            ["seconds"] = Number(rules.Seconds),
        };

    private static JsonObject ByRuleset(Comparison comparison, long seed, Func<ComparisonJudgement, JsonNode> value) =>
        new(comparison.ByRuleset().Select(part => KeyValuePair.Create<string, JsonNode?>(
            SpecificationWord.Of(part.Ruleset), value(new ComparisonJudgement(part.Comparison, seed)))));

    private static JsonObject ByMeasure(Func<LossMeasure, JsonNode> value) =>
        new(LossMeasure.All.Select(measure => KeyValuePair.Create<string, JsonNode?>(measure.Name, value(measure))));

    private static JsonObject ByOptimizer(ComparisonJudgement judgement, Func<ComparedOptimizer, JsonNode?> value) =>
        new(judgement.Optimizers.Select(optimizer => KeyValuePair.Create(optimizer.Name, value(optimizer))));
}
