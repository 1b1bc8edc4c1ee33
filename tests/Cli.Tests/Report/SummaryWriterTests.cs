using System.Text.Json.Nodes;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Report;

public sealed class SummaryWriterTests
{
    [Fact]
    public void Compose_Run_HasTheDocumentedNumbers()
    {
        var summary = SummaryWriter.Compose(SampleReport.Create());
        Assert.Equal(61.5, (double)summary["wallSeconds"]!);
        Assert.Equal(50, (long)summary["outerUpdates"]!);
        Assert.Equal(4, (int)summary["comparison"]!["tasks"]!);
        foreach (string baseline in (string[])["adam", "rmsProp", "momentum"])
        {
            Assert.Equal(0.75, (double)summary["comparison"]!["against"]![baseline]!["shareWon"]!);
            Assert.Equal(0.2, (double)summary["comparison"]!["against"]![baseline]!["medianImprovement"]!, 1e-12);
        }

        Assert.True((double)summary["training"]!["lastOuterLoss"]! < (double)summary["training"]!["firstOuterLoss"]!);
        Assert.Equal(0.48, (double)summary["training"]!["lastWeightEs"]!, 1e-9);
        Assert.Equal((1, 0.25), ((double)summary["training"]!["firstRpShare"]!, (double)summary["training"]!["lastRpShare"]!));
        Assert.Equal(
            (600, 90, 40),
            ((long)summary["samples"]!["rpComputed"]!, (double)summary["samples"]!["seconds"]!, (double)summary["samples"]!["rpSeconds"]!));
    }

    /// <summary>
    /// θ's curves reach Adam's final loss of 0.5 in the fifth of six intervals on three tasks, and never on the fourth.
    /// </summary>
    [Fact]
    public void Compose_Comparison_HasTheJudgementOfBothSplits()
    {
        var comparison = SummaryWriter.Compose(SampleReport.Create())["comparison"]!;
        foreach (string split in (string[])["train", "valid"])
        {
            var against = comparison["against"]!["adam"]![split]!;
            Assert.Equal((0.75, 0.75), ((double)against["shareWon"]!, (double)against["shareWonFinal"]!));
            Assert.Equal(0.2, (double)against["improvement"]!["interquartileMean"]!, 1e-12);
            Assert.Equal(0.2, (double)against["improvementFinal"]!["upper95"]!, 1e-12);
            Assert.InRange((double)against["improvement"]!["lower95"]!, -0.5, 0.1);
            var until = against["untilFinalLoss"]!;
            Assert.Equal(0.75, (double)until["shareReached"]!);
            Assert.Equal((50.0, 50.0), ((double)until["steps"]!["lowerQuartile"]!, (double)until["steps"]!["median"]!));
            Assert.Null(until["steps"]!["upperQuartile"]);
            Assert.Equal(50 / 60.0, (double)until["stepsShare"]!["median"]!, 1e-12);
            Assert.Equal(50 * 13e-6, (double)until["seconds"]!["median"]!, 1e-12);
            Assert.Equal(50 / 60.0 * 13 / 12, (double)until["secondsShare"]!["median"]!, 1e-12);
            Assert.Equal(split == "train" ? 0.9 : 0.8, (double)comparison["accuracy"]!["learned"]![split]!["median"]!);
        }

        Assert.Equal(1.2e-5, (double)comparison["stepSeconds"]!["adam"]!["innerStep"]!, 1e-12);
        Assert.Equal(3e-6, (double)comparison["stepSeconds"]!["learned"]!["update"]!, 1e-12);
        var ranking = comparison["rankings"]!["perTask"]!["validMean"]!.AsArray();
        Assert.Equal(["learned", "adam", "rmsProp", "momentum"], ranking.Select(place => (string?)place!["optimizer"]));
        Assert.Equal([1, 2, 2, 2], ranking.Select(place => (int)place!["rank"]!));
        Assert.Equal(1.25, (double)ranking[1]!["relativeLoss"]!["interquartileMean"]!, 1e-12);
        var profiles = comparison["profiles"]!;
        int factor = profiles["factors"]!.AsArray().Select(f => (double)f!).ToList().IndexOf(1.5);
        Assert.Equal((0.75, 1.0), At("learned", 0, factor));
        Assert.Equal((0.25, 1.0), At("adam", 0, factor));

        (double, double) At(string name, int first, int second) =>
            ((double)profiles["perTask"]!["trainFinal"]![name]![first]!, (double)profiles["perTask"]!["trainFinal"]![name]![second]!);
    }

    /// <summary>The published baseline is better than all others, and changes nothing among them.</summary>
    [Fact]
    public void Compose_BaselinesOfTwoRulesets_AreNotMixed()
    {
        var data = SampleReport.Create();
        var published = data.Comparison.Baselines[0] with
        {
            Name = "lionTuned",
            Losses = [.. data.Comparison.Baselines[0].Losses.Select(_ => new InnerTrainingLosses(0.1, 0.1, 0.1, 0.1))],
            Rules = new BaselineRules(Ruleset.Tuned, 1, Configurations: 200, InnerSteps: 5000, Seconds: 12.5),
        };
        var alone = SummaryWriter.Compose(data)["comparison"]!;
        data = data with { Comparison = data.Comparison with { Baselines = [.. data.Comparison.Baselines, published] } };
        var comparison = SummaryWriter.Compose(data)["comparison"]!;

        foreach (string section in (string[])["rankings", "profiles"])
            Assert.Equal(alone[section]!["perTask"]!.ToJsonString(), comparison[section]!["perTask"]!.ToJsonString());
        var ranking = comparison["rankings"]!["tuned"]!["validFinal"]!.AsArray();
        Assert.Equal(["lionTuned", "learned"], ranking.Select(place => (string?)place!["optimizer"]));
        Assert.False(comparison["rankings"]!.AsObject().ContainsKey("untuned"));
        Assert.Equal(
            """{"ruleset":"tuned","settings":1,"configurations":200,"innerSteps":5000,"seconds":12.5}""",
            comparison["rules"]!["lionTuned"]!.ToJsonString());
        string html = ReportWriter.Compose(data);
        Assert.Contains("θ and optimizers with one setting, tuned on other tasks</h3>", html);
        Assert.Contains("<td>Adam<i>one setting; 200 configurations, 5,000 inner-steps</i></td>", html);
    }

    [Fact]
    public void Compose_NothingMeasured_HasNulls()
    {
        var data = SampleReport.Create();
        var learned = data.Comparison.Learned;
        var comparison = SummaryWriter.Compose(data with
        {
            Comparison = data.Comparison with
            {
                Learned = learned with
                {
                    Losses = [.. learned.Losses.Select(l => l with { TrainAccuracy = double.NaN, ValidAccuracy = double.NaN })],
                    StepTimes = [],
                },
            },
        })["comparison"]!;
        Assert.Null(comparison["stepSeconds"]!["learned"]);
        Assert.Null(comparison["accuracy"]!["learned"]!["valid"]!["median"]);
        Assert.Null(comparison["against"]!["adam"]!["valid"]!["untilFinalLoss"]!["seconds"]!["median"]);
        Assert.NotNull(comparison["against"]!["adam"]!["valid"]!["untilFinalLoss"]!["steps"]!["median"]);
    }

    [Fact]
    public void Compose_KindsOfAMixture_HaveTheWholeJudgement()
    {
        var data = SampleReport.Create();
        var comparison = SummaryWriter.Compose(data with
        {
            Comparison = data.Comparison with { Kinds = ["one", "one", "two", "two"] },
        })["comparison"]!;
        string[] all = [.. comparison.AsObject().Select(p => p.Key).Where(key => key != "byTask")];
        Assert.Equal(all, comparison["byTask"]!["two"]!.AsObject().Select(p => p.Key));
        Assert.Equal(0.5, (double)comparison["byTask"]!["two"]!["profiles"]!["perTask"]!["validMean"]!["learned"]![0]!);
        Assert.Equal(1, (double)comparison["byTask"]!["one"]!["against"]!["adam"]!["train"]!["untilFinalLoss"]!["shareReached"]!);
    }

    [Fact]
    public void Compose_EvaluationsOfAMixture_HaveTheLossesOfEachTask()
    {
        var data = SampleReport.Create();
        data.Training!.History[9].EvaluationByKind["conv"] = new SplitLosses { OuterTrain = 0.5, OuterTest = double.NaN };
        var evaluations = SummaryWriter.Compose(data)["evaluations"]!.AsArray();

        Assert.Equal(0.5, (double)evaluations[0]!["byTask"]!["conv"]!["outerTrain"]!);
        Assert.Null(evaluations[0]!["byTask"]!["conv"]!["outerTest"]);
        Assert.Null(evaluations[1]!["byTask"]);
    }

    [Fact]
    public void Compose_ThetaOfHyperParameters_HasThemByName()
    {
        var data = SampleReport.Create();
        Assert.Empty(SummaryWriter.Compose(data)["hyperParameters"]!.AsObject());
        var summary = SummaryWriter.Compose(data with
        {
            Specification = data.Specification with { Optimizer = OptimizerKind.Adam },
            Theta = new ThetaSnapshot(3, OptimizerFamilies.Adam.Theta.Point(("learningRate", 0.02))),
        });
        Assert.Equal("adam", (string?)summary["optimizer"]);
        Assert.Equal(0.02, (double)summary["hyperParameters"]!["learningRate"]!, 1e-8);
        Assert.Equal(0.9, (double)summary["hyperParameters"]!["beta1"]!, 1e-6);
    }

    [Fact]
    public void Compose_Training_HasTheTablesFigures()
    {
        var training = SummaryWriter.Compose(SampleReport.Create())["training"]!.AsObject();
        string[] names =
        [
            "firstOuterLoss", "lastOuterLoss", "firstWeightEs", "lastWeightEs", "firstRpShare", "lastRpShare",
            "maxVarianceRp", "maxVarianceEs",
        ];
        Assert.All(names, name => Assert.True(training.ContainsKey(name)));
        // The last variance of g_rp is infinite, and JSON has no number for it.
        Assert.Null(training["maxVarianceRp"]);
        Assert.Equal(1, (double)training["maxVarianceEs"]!);
    }

    [Fact]
    public void Compose_NoHistory_HasNullsNotNumbersOutOfNothing()
    {
        var summary = SummaryWriter.Compose(SampleReport.Create(updates: 0));
        Assert.Null(summary["training"]!["lastOuterLoss"]);
        Assert.Equal(0, (long)summary["outerUpdates"]!);
    }

    [Fact]
    public void Compose_NoTraining_HasNullsForItsSections()
    {
        var summary = SummaryWriter.Compose(SampleReport.Create() with { Training = null });
        foreach (string name in (string[])["trainingSeconds", "outerUpdates", "samples", "training"])
        {
            Assert.True(summary.ContainsKey(name));
            Assert.Null(summary[name]);
        }

        Assert.Equal(4, (int)summary["comparison"]!["tasks"]!);
    }

    /// <summary>docs/SUMMARY.md names every key: a renamed one must be renamed there too.</summary>
    [Fact]
    public void Document_NamesEveryKey()
    {
        string document = File.ReadAllText(Repository.PathOf("docs/SUMMARY.md"));
        var missing = Keys(SummaryWriter.Compose(SampleReport.Create())).Distinct().Where(
            k => !document.Contains(k, StringComparison.Ordinal)).ToArray();
        Assert.Empty(missing);
    }

    private static IEnumerable<string> Keys(JsonNode? node) => node is JsonObject o ? o.SelectMany(p => Keys(p.Value).Prepend(p.Key)) : [];
}
