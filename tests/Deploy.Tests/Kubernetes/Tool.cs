using System.Diagnostics;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Kubernetes;

/// <summary>A program that a test needs and a machine may lack.</summary>
internal static class Tool
{
    /// <summary>Runs it to its end. Skips the test if it is not there.</summary>
    public static (int Status, string Output, string Error) Run(string name, params string[] arguments)
    {
        if (Find(name) is not { } path)
        {
            Assert.Skip($"{name} is not installed here");
            throw new UnreachableException();
        }

        var start = new ProcessStartInfo(path)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>Its path, or null.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
