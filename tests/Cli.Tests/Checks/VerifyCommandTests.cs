using LoptCluster.Cli.Checks;
using LoptCluster.Engine.Verification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Checks;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_ShippedCases_AllPass()
    {
        var run = await CliRun.OfAsync("verify");

        Assert.Equal("40 passed, 0 failed", run.Output.TrimEnd().Split('\n')[^1]);
        Assert.Equal(0, run.Status);
    }

    [Fact]
    public async Task Run_DamagedCase_FailsWithStatusOne()
    {
        File.WriteAllText(_folder.PathOf("broken.json"), "{ \"kind\": ");

        var run = await CliRun.OfAsync("verify", _folder.Path);

        Assert.Equal(1, run.Status);
        Assert.StartsWith("FAILED  broken.json", run.Output);
        Assert.EndsWith("0 passed, 1 failed\n", run.Output);
    }

    [Fact]
    public async Task Run_NoSuchFolder_IsOneLine()
    {
        var run = await CliRun.OfAsync("verify", _folder.PathOf("nothing"));

        Assert.Equal(2, run.Status);
        Assert.Single(run.ErrorLines);
    }

    [Fact]
    public void Line_EveryQuantity_ShowsErrorAndTolerance()
    {
        var report = new GoldenReport(
            "case", "truncation", [new("L", 3.14e-8, 2e-6), new("g_rp", 0.5, null), new("g_es", 2e-3, 1e-3)]);

        Assert.Equal(
            "FAILED  case                          truncation        L 3.1e-8 ≤ 2.0e-6  g_rp 5.0e-1 (not compared: float32 cannot resolve "
                + "it)  g_es 2.0e-3 > 1.0e-3",
            VerifyCommand.Line(report));
    }

    [Fact]
    public void Line_QuantityWithoutReference_SaysSo()
    {
        var report = new GoldenReport(
            "case",
            "hyper_truncation",
            [new("rate", 0, 1e-5) { HasReference = false }, new("l1", double.NaN, 1e-5) { HasReference = false }]);

        Assert.Equal(
            "FAILED  case                          hyper_truncation  rate finite (not compared: the reference gives no number)  "
                + "l1 NOT FINITE (not compared: the reference gives no number)",
            VerifyCommand.Line(report));
    }
}
