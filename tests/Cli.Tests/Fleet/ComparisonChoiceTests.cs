using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Fleet;

/// <summary><c>lopt coordinator --evaluate</c>: what it refuses before it listens.</summary>
public sealed class ComparisonChoiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--against 'published' is compared with a θ. Name that with --evaluate THETA.", "--against", "published")]
    [InlineData(
        "--evaluate compares a θ and trains none. Omit --ledger, --updates.",
        "--evaluate", "theta:mixture-train", "--updates", "3", "--ledger", "full")]
    [InlineData(
        "--evaluate compares a θ and trains none. Omit --from.", "--evaluate", "theta:mixture-train", "--from", "theta:mixture-train")]
    [InlineData(
        "--study takes all values from its file: write them under [set] and [axes]. Omit --preset, --set, --ledger, --from, --updates, "
            + "--evaluate and --against.",
        "--study", "s.toml", "--evaluate", "theta:mixture-train")]
    [InlineData(
        "comparisonTasks '0' must be a whole number from 1 to 10000.", "--evaluate", "theta:mixture-train", "--set", "comparisonTasks=0")]
    public async Task Coordinator_OptionsThatDoNotGoTogether_SaysWhatToDo(string error, params string[] arguments)
    {
        var run = await CliRun.OfAsync(["coordinator", .. arguments, "--run", _folder.PathOf("run")]);
        Assert.Equal(2, run.Status);
        Assert.EndsWith(error, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.PathOf("run")));
    }

    /// <summary>A comparison is no mode that a training can be told to have.</summary>
    [Fact]
    public async Task Config_ModeComparison_IsRefused()
    {
        var run = await CliRun.OfAsync("config", "show", "quickstart", "--set", "mode=comparison");
        Assert.Equal(2, run.Status);
        Assert.Contains("'lopt coordinator --evaluate THETA' begins comparisons", run.Error, StringComparison.Ordinal);
    }
}
