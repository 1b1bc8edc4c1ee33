using System.CommandLine;
using LoptCluster.Cli.CommandLine;

namespace LoptCluster.Cli.Completion;

/// <summary><c>lopt completion</c>: the script with which a shell completes commands, options, presets, keys and θ.</summary>
/// <remarks>The scripts ask the program itself, by its [suggest] directive, so they know whatever it knows.</remarks>
internal static class CompletionCommand
{
    private const string ResourcePrefix = "completion/lopt.";

    /// <summary>Shells, with the ending of their script.</summary>
    private static readonly (string Shell, string Ending)[] Shells = [("bash", "bash"), ("zsh", "zsh"), ("fish", "fish"), ("pwsh", "ps1")];

    public static Command Create(CliEnvironment environment)
    {
        string[] names = [.. Shells.Select(s => s.Shell)];
        var shell = new Argument<string>("shell") { Description = $"One of {string.Join(", ", names)}." };
        shell.AcceptOnlyFromAmong(names);
        var command = new Command("completion", "Print a script that lets a shell complete lopt's commands, options, presets and keys.")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            environment.Output.Write(Script(parsed.GetRequiredValue(shell)));
            return 0;
        });
        return command.WithExamples(
            "source <(lopt completion bash)                       # in ~/.bashrc",
            "source <(lopt completion zsh)                        # in ~/.zshrc, after compinit",
            "lopt completion fish > ~/.config/fish/completions/lopt.fish",
            "lopt completion pwsh | Out-String | Invoke-Expression   # in $PROFILE");
    }

    private static string Script(string shell)
    {
        string name = ResourcePrefix + Shells.Single(s => s.Shell == shell).Ending;
        using var stream = typeof(CompletionCommand).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program has no resource '{name}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
