using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Processes;
using LoptCluster.Cli.Runs;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Evaluation;

/// <summary>Comparison of a run in a process of its own, so that a crash of native code does not end the run.</summary>
internal static class ComparisonProcess
{
    private const int Attempts = 3;
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Writes the result for the parent; called in the child.</summary>
    public static void Write(string path, Comparison comparison) => File.WriteAllText(path, JsonSerializer.Serialize(comparison, Json));

    /// <summary>Reads what <see cref="Write"/> wrote, NaN and infinity included.</summary>
    public static Comparison Read(string path) => JsonSerializer.Deserialize<Comparison>(File.ReadAllText(path), Json)!;

    /// <param name="folder">Folder of the finished run.</param>
    /// <param name="data">Folder of image files; null for procedural images.</param>
    /// <param name="again">Command that compares again.</param>
    /// <exception cref="UserErrorException">The child reported a user error, or died in every attempt.</exception>
    public static async Task<Comparison> RunAsync(
        RunFolder folder, string? data, string again, CliEnvironment environment, CancellationToken cancellation)
    {
        string result = Path.Combine(folder.Logs, "comparison.json");
        Directory.CreateDirectory(folder.Logs);
        List<string> arguments = ["evaluate", folder.Theta, "--child", "--comparison", result];
        if (data is not null) arguments.AddRange(["--data", data]);
        int status = 0;
        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            using var child = ChildProcess.Start(
                LoptExecutable.With(arguments), folder.Log("comparison"), environment.Time, environment.Output.WriteLine);
            await using (cancellation.Register(child.Stop)) status = await child.WaitAsync();
            cancellation.ThrowIfCancellationRequested();
            if (status == 0) return Read(result);
            if (status == ExitStatus.UserError) throw new UserErrorException(child.LastErrorLine);
            environment.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"The comparison process died (status {status}), attempt {attempt} of {Attempts}; see '{folder.Log("comparison")}'."));
        }

        throw new UserErrorException(
            $"The comparison process died {Attempts} times (status {status}); see '{folder.Log("comparison")}'. "
            + $"θ is in '{folder.Theta}'. To compare again: {again}");
    }
}
