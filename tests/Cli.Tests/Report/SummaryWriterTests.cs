using System.Text.Json.Nodes;
using LoptCluster.Cli.Report;
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
