using Xunit;

namespace LoptCluster.Cli.Tests;

public sealed class LoptCommandLineTests
{
    [Theory]
    [InlineData("tran", "Unrecognized command or argument 'tran'. Did you mean 'train'? See 'lopt --help'.")]
    [InlineData("config shw", "Unrecognized command or argument 'shw'. Did you mean 'show'? See 'lopt config --help'.")]
    [InlineData("train --sett a=b", "Unrecognized command or argument '--sett'. Did you mean '--set'? See 'lopt train --help'.")]
    [InlineData("config diff paper", "Required argument 'second' missing for command: 'diff'. See 'lopt config diff --help'.")]
    [InlineData("config", "Required command was not provided. See 'lopt config --help'.")]
    [InlineData("train --workers 0", "--workers '0' must be a whole number of at least 1. See 'lopt train --help'.")]
    [InlineData("train --slots many", "--slots 'many' must be a whole number of at least 1. See 'lopt train --help'.")]
    [InlineData("train --slots", "Required argument missing for option: '--slots'. See 'lopt train --help'.")]
    [InlineData("bench --cores 1 0", "--cores '0' must be a whole number of at least 1. See 'lopt bench --help'.")]
    [InlineData("bench --seconds x", "--seconds 'x' must be a number of seconds above 0 and at most 3600. See 'lopt bench --help'.")]
    [InlineData("worker --log-format xml", "--log-format 'xml' must be text or json. See 'lopt worker --help'.")]
    [InlineData(
        "train --preset quikstart",
        "'quikstart' is not a preset. Did you mean 'quickstart'? Presets: quickstart, pathology, hyper, mixture, "
        + "mixture-conv, cifar, modern, paper, paper-code; "
        + "the path of a .toml file also works.")]
    [InlineData("train --set inerSteps=5", "--set 'inerSteps' is not a key of the specification. Did you mean 'innerSteps'?")]
    [InlineData("train --resume --run /nowhere", "The run folder '/nowhere' holds no run ('specification.toml' is missing).")]
    [InlineData("coordinator", "Name a preset to train with --preset, or a run to resume with --run.")]
    [InlineData("coordinator --run /nowhere", "The run folder '/nowhere' holds no run. Name a preset to train with --preset.")]
    [InlineData("coordinator --set seed=3", "--set and --ledger require --preset, whose values they override.")]
    [InlineData(
        "coordinator --heartbeat 0",
        "--heartbeat '0' must be a number of seconds above 0 and at most 86400. See 'lopt coordinator --help'.")]
    [InlineData("train --ledger half", "--ledger 'half' must be one of identities, full. See 'lopt train --help'.")]
    [InlineData("replay /nowhere", "There is no run in '/nowhere' (no run.db there). Name a run folder.")]
    [InlineData("sample /nowhere 1 x", "truncation 'x' must be a whole number from 0 on. See 'lopt sample --help'.")]
    [InlineData("prune /nowhere --keep 0", "--keep '0' must be a whole number of at least 1. See 'lopt prune --help'.")]
    [InlineData("check /nowhere", "There is no run in '/nowhere' (no run.db there). Name a run folder.")]
    [InlineData("prune /nowhere --keep 1", "There is no run in '/nowhere' (no run.db there). Name a run folder.")]
    [InlineData("pull --version old", "--version 'old' must be a number of outer-updates, latest, best or average.")]
    [InlineData("health nowhere/", "'nowhere/' is not an address and port. Example: 127.0.0.1:5319.")]
    [InlineData("coordinator --preset quickstart --run /tmp/never --listen 0.0.0.0:0", null)]
    [InlineData(
        "coordinator --preset mixture --set slotMemoryMegabytes=1 --run /tmp/never --listen 127.0.0.1:0",
        "Task 1 ('images') of the mixture: A truncation of 120 steps of 6,640 inner-parameters needs at least 4 MB, "
        + "but slotMemoryMegabytes allows 1. Raise slotMemoryMegabytes or lower truncationLast.")]
    [InlineData("status --from 198.51.100.7:5317/x --from a", null)]
    [InlineData(
        "status --from http://198.51.100.7:5317",
        "--from 'http://198.51.100.7:5317' would connect to another machine unencrypted. "
        + "Use https://198.51.100.7:5317, or pass --insecure on a trusted network.")]
    [InlineData(
        "status --from ::::",
        "--from '::::' is not a coordinator's address. Examples: 127.0.0.1:5317, https://trainer.example:5317.")]
    [InlineData(
        "status --token-file /nowhere/token",
        "--token-file '/nowhere/token' cannot be read: Could not find a part of the path '/nowhere/token'.")]
    public async Task Run_UsersMistake_IsOneLineAndStatusTwo(string args, string? expected)
    {
        var run = await CliRun.OfAsync(args.Split(' '));

        Assert.Equal(2, run.Status);
        Assert.Equal("", run.Output);
        string line = Assert.Single(run.ErrorLines);
        if (expected is not null) Assert.Equal(expected, line);
    }

    [Fact]
    public async Task Run_ManyMistakesInValues_NamesAllAtOnce()
    {
        var run = await CliRun.OfAsync("train", "--set", "inerSteps=5", "estimator=foo", "batchSamples=1");

        Assert.Equal(2, run.Status);
        Assert.Equal(
            [
                "--set 'inerSteps' is not a key of the specification. Did you mean 'innerSteps'?",
                "--set estimator 'foo' must be merged, rp, es, backprop, pes, nres, merged-pes or merged-nres.",
                "--set batchSamples '1' must be a whole number from 2 to 65536.",
            ],
            run.ErrorLines);
    }

    [Fact]
    public async Task Run_NothingListening_SaysSoInOneLine()
    {
        var run = await CliRun.OfAsync("status", "--from", "127.0.0.1:9");

        Assert.Equal(2, run.Status);
        Assert.StartsWith("Cannot reach a coordinator at ", Assert.Single(run.ErrorLines));
    }

    [Theory]
    [InlineData("")]
    [InlineData("train")]
    [InlineData("status")]
    [InlineData("config show")]
    public async Task Run_Help_HasExamples(string command)
    {
        var run = await CliRun.OfAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(0, run.Status);
        Assert.Contains("Examples:\n  lopt", run.Output);
    }

    [Fact]
    public async Task Run_NoArguments_ShowsHelp() => Assert.Equal((await CliRun.OfAsync("--help")).Output, (await CliRun.OfAsync()).Output);

    /// <summary>Who collects the lines of a process that logs JSON finds nothing else.</summary>
    [Theory]
    [InlineData("coordinator --log-format json --preset quikstart", "'quikstart' is not a preset.")]
    [InlineData("worker --log-format json --slots 0", "--slots '0' must be a whole number of at least 1.")]
    public async Task Run_MistakeInAProcessThatLogsJson_IsAnObjectOnALine(string args, string expected)
    {
        var run = await CliRun.OfAsync(args.Split(' '));

        var line = System.Text.Json.JsonDocument.Parse(Assert.Single(run.ErrorLines)).RootElement;
        Assert.Equal((2, "Critical"), (run.Status, line.GetProperty("LogLevel").GetString()));
        Assert.StartsWith(expected, line.GetProperty("Message").GetString(), StringComparison.Ordinal);
    }
}
