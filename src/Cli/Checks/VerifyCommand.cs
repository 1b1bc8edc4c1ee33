using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Verification;

namespace LoptCluster.Cli.Checks;

/// <summary><c>lopt verify</c>: checks that this machine computes the golden cases within their tolerances.</summary>
internal static class VerifyCommand
{
    /// <summary>Blanks before the second line of a case: its name begins there.</summary>
    private const int Indent = 8;

    public static Command Create(CliEnvironment environment)
    {
        var directory = new Argument<string?>("dir")
        {
            Description = "Folder of golden cases, *.json (default: the cases that ship with lopt).",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = CommonOptions.Json();
        var command = new Command("verify", "Check the engine against golden cases computed in 64-bit precision.") { directory, json };
        command.SetAction((parsed, cancellation) => Task.Run(
            () => parsed.GetValue(json)
                ? RunAsJson(parsed.GetValue(directory), environment.Output, cancellation)
                : Run(parsed.GetValue(directory), environment, cancellation),
            cancellation));
        return command.WithExamples("lopt verify", "lopt verify my-cases/");
    }

    private static int RunAsJson(string? directory, TextWriter output, CancellationToken cancellation)
    {
        var cases = new JsonArray();
        int failed = 0;
        foreach (var report in GoldenVerifier.Run(directory))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!report.Passed) failed++;
            cases.Add(new JsonObject
            {
                ["name"] = report.Name,
                ["kind"] = report.Kind,
                ["passed"] = report.Passed,
                ["error"] = report.Error,
                ["quantities"] = new JsonArray([.. report.Quantities.Select(q => new JsonObject
                {
                    ["name"] = q.Name,
                    ["passed"] = q.Passed,
                    ["relativeError"] = CommonOptions.Number(q.RelativeError),
                    ["tolerance"] = q.Tolerance,
                })]),
            });
        }

        var result = new JsonObject
        {
            ["selfCheck"] = SelfCheck.Value,
            ["passed"] = cases.Count - failed,
            ["failed"] = failed,
            ["cases"] = cases,
        };
        output.WriteLine(result.ToJsonString());
        return failed == 0 ? 0 : ExitStatus.Negative;
    }

    private static int Run(string? directory, CliEnvironment environment, CancellationToken cancellation)
    {
        int passed = 0, failed = 0;
        foreach (var report in GoldenVerifier.Run(directory))
        {
            cancellation.ThrowIfCancellationRequested();
            environment.WriteText(Line(report), Indent);
            if (report.Passed) passed++;
            else failed++;
        }

        if (directory is null) environment.WriteText($"self-check {SelfCheck.Value}: the same on every machine of a fleet");
        environment.WriteText($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : ExitStatus.Negative;
    }

    /// <summary>Verdict, case, kind, and the relative error and tolerance of each quantity.</summary>
    internal static string Line(GoldenReport report)
    {
        string head = $"{(report.Passed ? "ok    " : "FAILED")}  {report.Name,-28}  {report.Kind,-16}  ";
        return head + (report.Error ?? string.Join("  ", report.Quantities.Select(Quantity)));
    }

    private static string Quantity(GoldenQuantity quantity)
    {
        if (!quantity.HasReference)
            return $"{quantity.Name} {(quantity.Passed ? "finite" : "NOT FINITE")} (not compared: the reference gives no number)";
        string error = Short(quantity.RelativeError);
        return quantity.Tolerance is not { } tolerance
            ? $"{quantity.Name} {error} (not compared: float32 cannot resolve it)"
            : $"{quantity.Name} {error} {(quantity.Passed ? "≤" : ">")} {Short(tolerance)}";
    }

    private static string Short(double value) => value == 0 ? "0" : value.ToString("0.0e0", CultureInfo.InvariantCulture);
}
