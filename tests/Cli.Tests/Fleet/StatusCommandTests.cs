using System.Text.Json;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Cli.Tests.Fleet;

public sealed class StatusCommandTests
{
    private readonly CoordinatorScript _script = new();

    [Fact]
    public async Task Status_Running_ShowsTheScreen()
    {
        _script.Status = new Status { Preset = "quickstart", State = RunState.Running, OuterUpdate = 12, OuterUpdatesTotal = 34 };
        _script.Status.OuterLossAverage = 1.5;

        var run = await RunAsync();

        Assert.Equal(0, run.Status);
        Assert.Contains("12/34", run.Output);
        Assert.Contains("1.500", run.Output);
    }

    [Fact]
    public async Task Status_Json_IsOneObjectWithNullForTheUnknown()
    {
        _script.Status = new Status
        {
            State = RunState.Running,
            OuterUpdate = 12,
            SecondsRunning = 60,
            SecondsLeft = double.NaN,
            BestVersion = -1,
        };
        _script.Status.Figures.Add("outer_loss", 1.5);
        _script.Status.Figures.Add("variance_rp", double.PositiveInfinity);

        var root = JsonDocument.Parse((await RunAsync("--json")).Output).RootElement;

        Assert.Equal(12, root.GetProperty("outerUpdate").GetInt64());
        Assert.Equal("running", root.GetProperty("state").GetString());
        Assert.Equal(60, root.GetProperty("secondsRunning").GetDouble());
        Assert.Equal(1.5, root.GetProperty("outerLoss").GetDouble());
        Assert.Equal("Infinity", root.GetProperty("varianceRp").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("weightEs").ValueKind);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("secondsLeft").ValueKind);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("bestVersion").ValueKind);
    }

    [Fact]
    public async Task Watch_WithoutATerminal_EndsWithTheRun()
    {
        var finished = At(3, RunState.Finished);
        finished.Notices.Add(new Notice { Kind = "finished", Severity = NoticeSeverity.Success, Text = "The comparison is complete." });
        _script.Streams.Enqueue([At(1), At(2), finished, At(4)]);

        var run = await RunAsync("--watch");

        Assert.Equal(0, run.Status);
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("update 1/10", lines[0]);
        Assert.StartsWith("update 3/10", lines[^2]);
        Assert.Equal("The comparison is complete.", lines[^1]);
    }

    [Fact]
    public async Task Watch_Json_EndsWithTheFinishedStatus()
    {
        _script.Streams.Enqueue([At(1), At(3, RunState.Finished)]);

        var run = await RunAsync("--watch", "--json");

        Assert.Equal((0, ""), (run.Status, run.Error));
        string[] states = [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("state").GetString()!)];
        Assert.Equal(["running", "finished"], states);
    }

    [Theory]
    [InlineData("--watch")]
    [InlineData("--watch", "--json")]
    public async Task Watch_CoordinatorStopsBeforeTheEnd_IsAnError(params string[] args)
    {
        _script.Streams.Enqueue([At(1), At(2, RunState.Draining)]);

        var run = await RunAsync(args);

        Assert.Equal(2, run.Status);
        string error = Assert.Single(run.ErrorLines);
        Assert.StartsWith("Cannot reach a coordinator at ", error);
        Assert.EndsWith(": it has stopped.", error);
        Assert.DoesNotContain("The run is finished", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_CoordinatorGoesAway_IsOneLine()
    {
        _script.Streams.Clear();

        var run = await RunAsync("--watch");

        Assert.Equal(2, run.Status);
        Assert.StartsWith("Cannot reach a coordinator at ", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task Status_WrongToken_SaysHowToGiveOne()
    {
        _script.Token = "secret";

        var run = await RunAsync();

        Assert.Equal(2, run.Status);
        Assert.Equal(
            "The coordinator requires a reader's or an operator's token, and was given none that it knows. Pass --token-file, or set "
                + "LOPT_READER_TOKEN.",
            Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task Status_TokenFromTheEnvironment_IsSent()
    {
        _script.Token = "secret";
        await using var coordinator = await ScriptedCoordinator.StartAsync(_script);

        var run = await CliRun.OfAsync(
            new Dictionary<string, string> { ["LOPT_READER_TOKEN"] = "secret" }, "status", "--from", coordinator.Authority);

        Assert.Equal(0, run.Status);
    }

    private static Status At(int update, RunState state = RunState.Running) => new()
    {
        OuterUpdate = update,
        OuterUpdatesTotal = 10,
        State = state,
    };

    private async Task<CliRun> RunAsync(params string[] args)
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync(_script);
        return await CliRun.OfAsync(["status", "--from", coordinator.Authority, .. args]);
    }
}
