using System.Reflection;
using System.Text.Json;
using LoptCluster.Shared;

namespace LoptCluster.Engine.Verification;

/// <summary>Runs the engine against golden cases: how a user knows that this machine computes what the paper says.</summary>
public static class GoldenVerifier
{
    private const string ResourcePrefix = "golden/";

    /// <param name="directory">Folder of *.json cases; null: those that ship with the engine.</param>
    /// <exception cref="UserErrorException">The folder does not exist or holds no case.</exception>
    public static IEnumerable<GoldenReport> Run(string? directory)
    {
        var cases = directory is null ? Shipped() : InDirectory(directory);
        return cases.Select(c => Verify(c.Name, c.Open));
    }

    private static IReadOnlyList<(string Name, Func<Stream> Open)> Shipped()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(n => (n[ResourcePrefix.Length..], (Func<Stream>)(() => assembly.GetManifestResourceStream(n)!)))];
    }

    private static IReadOnlyList<(string Name, Func<Stream> Open)> InDirectory(string directory)
    {
        if (!Directory.Exists(directory))
            throw new UserErrorException(
                $"There is no folder '{directory}'; give one that holds golden cases (*.json), or none for those that ship with lopt.");
        string[] files = Directory.GetFiles(directory, "*.json");
        if (files.Length == 0)
            throw new UserErrorException(
                $"The folder '{directory}' holds no *.json; give one that holds golden cases, or none for those that ship with lopt.");
        Array.Sort(files, StringComparer.Ordinal);
        return [.. files.Select(f => (Path.GetFileName(f), (Func<Stream>)(() => File.OpenRead(f))))];
    }

    private static GoldenReport Verify(string file, Func<Stream> open)
    {
        string kind = "?";
        try
        {
            using var stream = open();
            using var document = GoldenJson.Parse(stream);
            var golden = new GoldenCase(document.RootElement);
            kind = golden.Kind;
            Check(golden);
            return golden.Report();
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException
            or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return new GoldenReport(file, kind, [], $"cannot be run: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static void Check(GoldenCase golden)
    {
        switch (golden.Kind)
        {
            case "optimizer_step": OptimizerStepCheck.Run(golden); break;
            case "problem": ProblemCheck.Run(golden); break;
            case "truncation": TruncationCheck.Run(golden); break;
            case "persistent": PersistentCheck.Run(golden); break;
            case "hyper_truncation": HyperTruncationCheck.Run(golden); break;
            case "baseline_steps": BaselineStepsCheck.Run(golden); break;
            case "outer_update": OuterUpdateCheck.Run(golden); break;
            case "merge": MergeCheck.Run(golden); break;
            case "schedule": ScheduleCheck.Run(golden); break;
            case "appendix_a": AppendixACheck.Run(golden); break;
            default: throw new FormatException($"unknown kind '{golden.Kind}'");
        }
    }
}
