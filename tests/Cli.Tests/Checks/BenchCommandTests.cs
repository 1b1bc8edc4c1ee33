using System.Text.Json;
using Xunit;

namespace LoptCluster.Cli.Tests.Checks;

public sealed class BenchCommandTests
{
    [Fact]
    public async Task Bench_Json_HasTheNamesThatStay()
    {
        var run = await CliRun.OfAsync("bench", "--json", "--seconds", "0.02", "--set", "innerSteps=20", "truncationLast=20");

        Assert.True(run.Status == 0, run.Error);
        var root = JsonDocument.Parse(run.Output).RootElement;
        foreach (string name in (string[])["fmaPeakGflops", "gradientShareOfPeak", "hvpShareOfPeak", "learnedUpdateMicroseconds",
            "innerStepsPerSecond"])
        {
            Assert.True(root.GetProperty(name).GetDouble() > 0, name);
        }

        Assert.Equal(1, root.GetProperty("costs")[0].GetProperty("cores").GetInt32());
    }
}
