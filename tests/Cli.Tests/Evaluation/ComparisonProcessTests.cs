using LoptCluster.Cli.Evaluation;
using LoptCluster.Cli.Report;
using LoptCluster.Cli.Tests.Report;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Evaluation;

public sealed class ComparisonProcessTests
{
    /// <summary>The process that compares hands over all that summary and report need, of problems without classes too.</summary>
    [Fact]
    public void Read_WhatWasWritten_HasTheSameSummary()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "comparison.json");
        var data = SampleReport.Create();
        var learned = data.Comparison.Learned;
        data = data with
        {
            Comparison = data.Comparison with
            {
                Learned = learned with { Losses = [.. learned.Losses.Select(l => l with { TrainAccuracy = double.NaN })] },
                Kinds = ["one", "one", "two", "two"],
            },
        };

        ComparisonProcess.Write(path, data.Comparison);
        var read = ComparisonProcess.Read(path);

        Assert.Equal(
            SummaryWriter.Compose(data).ToJsonString(), SummaryWriter.Compose(data with { Comparison = read }).ToJsonString());
        Assert.Equal(double.NaN, read.Learned.Losses[0].TrainAccuracy);
        Assert.Equal(ReportWriter.Compose(data), ReportWriter.Compose(data with { Comparison = read }));
    }
}
