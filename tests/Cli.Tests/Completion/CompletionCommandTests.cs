using System.Diagnostics;
using LoptCluster.Engine.ThetaFiles;
using Xunit;

namespace LoptCluster.Cli.Tests.Completion;

public sealed class CompletionCommandTests
{
    /// <summary>A command line of a real bash, as readline calls the function: words are split at ':' and '=' too.</summary>
    private const string Bash = """
        source <(lopt completion bash)
        complete_line() {
          COMP_LINE=$1 COMP_POINT=${#1} COMPREPLY=()
          read -ra COMP_WORDS <<< "$1"
          COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
          _lopt
          echo "${COMPREPLY[*]}"
        }
        complete_line "lopt tra"
        complete_line "lopt train --preset mixture-"
        complete_line "lopt evaluate theta:mixture-t"
        complete_line "lopt train --set innerS"
        complete_line "lopt train --set estimator=merged-n"
        complete_line "lopt report "
        complete_line "lopt report --comp"
        complete -p lopt
        """;

    [Fact]
    public async Task Bash_CompletesCommandsOptionsPresetsKeysAndThetas()
    {
        Assert.Equal(
            [
                "train", "mixture-conv", "mixture-train", "innerSteps=", "", "", "--compare-again",
                "complete -o bashdefault -o default -F _lopt lopt",
            ],
            await BashAsync(Bash));
    }

    [Theory]
    [InlineData("zsh", "compdef _lopt lopt")]
    [InlineData("fish", "complete --command lopt")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName lopt")]
    public async Task OtherShells_HaveAScriptThatAsksTheProgram(string shell, string registration)
    {
        var run = await CliRun.OfAsync("completion", shell);

        Assert.Equal(0, run.Status);
        Assert.Contains(registration, run.Output);
        Assert.Contains("[suggest:", run.Output);
    }

    [Fact]
    public async Task UnknownShell_NamesThoseThatThereAre()
    {
        var run = await CliRun.OfAsync("completion", "tcsh");

        Assert.Equal(2, run.Status);
        foreach (string shell in (string[])["tcsh", "bash", "zsh", "fish", "pwsh"]) Assert.Contains(shell, Assert.Single(run.ErrorLines));
    }

    [Theory]
    [InlineData("lopt try --theta ")]
    [InlineData("lopt theta copy ")]
    public async Task ShippedThetas_AreSuggested(string line)
    {
        var run = await CliRun.OfAsync($"[suggest:{line.Length}]", line);

        Assert.Superset(ThetaCatalog.Names.ToHashSet(), run.Output.Split('\n').ToHashSet());
    }

    private static async Task<string[]> BashAsync(string script)
    {
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = AppContext.BaseDirectory + ":" + Environment.GetEnvironmentVariable("PATH");
        using var bash = Process.Start(start)!;
        await bash.StandardInput.WriteAsync(script);
        bash.StandardInput.Close();
        var errors = bash.StandardError.ReadToEndAsync();
        string output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        Assert.Equal("", await errors);
        return output.TrimEnd('\n').Split('\n');
    }
}
