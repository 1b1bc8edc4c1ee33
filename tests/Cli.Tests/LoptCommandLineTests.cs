using Xunit;

namespace LoptCluster.Cli.Tests;

public sealed class LoptCommandLineTests
{
    [Theory]
    [InlineData("tran", "Unrecognized command or argument 'tran'. Did you mean train? (See lopt --help.)")]
    [InlineData("config shw", "Unrecognized command or argument 'shw'. Did you mean show? (See lopt config --help.)")]
    [InlineData("train --sett a=b", "Unrecognized command or argument '--sett'. Did you mean --set? (See lopt train --help.)")]
    [InlineData("config diff paper", "Required argument 'second' missing for command: 'diff'. (See lopt config diff --help.)")]
    [InlineData("config", "Required command was not provided. (See lopt config --help.)")]
    [InlineData("train --workers 0", "--workers 0: must be at least 1. (See lopt train --help.)")]
    [InlineData("train --preset quikstart", "preset quikstart: there is no such preset or file; did you mean quickstart? There are quickstart, pathology, cifar, modern, paper, paper-code; a path to a .toml file does too.")]
    [InlineData("train --set inerSteps=5", "--set inerSteps: there is no such key; did you mean innerSteps?")]
    [InlineData("train --resume --run /nowhere", "run folder /nowhere: there is no run in it (no specification.toml)")]
    [InlineData("coordinator", "name what to train with --preset, or a run to go on with by --run")]
    [InlineData("coordinator --run /nowhere", "run folder /nowhere: there is no run in it; name what to train with --preset")]
    [InlineData("coordinator --set seed=3", "--set: needs --preset, whose values it changes")]
    [InlineData("coordinator --heartbeat 0", "--heartbeat: must be more than 0 and at most 86400 seconds. (See lopt coordinator --help.)")]
    [InlineData("coordinator --preset quickstart --run /tmp/never --listen 0.0.0.0:0", null)]
    [InlineData("status --from 198.51.100.7:5317/x --from a", null)]
    [InlineData("status --from http://198.51.100.7:5317", "http://198.51.100.7:5317: is not this machine and http is not encrypted; use https://198.51.100.7:5317, or --insecure if the network is trusted")]
    [InlineData("status --from ::::", "::::: is no address of a coordinator; write host:port or https://host:port")]
    [InlineData("status --token-file /nowhere/token", "--token-file /nowhere/token: cannot be read: Could not find a part of the path '/nowhere/token'.")]
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
                "--set inerSteps: there is no such key; did you mean innerSteps?",
                "--set estimator = foo: must be merged, rp or es",
                "--set batchSamples = 1: must be a whole number, 2 … 65536",
            ],
            run.ErrorLines);
    }

    [Fact]
    public async Task Run_NothingListening_SaysSoInOneLine()
    {
        var run = await CliRun.OfAsync("status", "--from", "127.0.0.1:9");

        Assert.Equal(2, run.Status);
        Assert.StartsWith("the coordinator cannot be reached: ", Assert.Single(run.ErrorLines));
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
}
