using System.Text.Json;
using System.Xml.Linq;
using LoptCluster.Cli;
using LoptCluster.Cli.CommandLine;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Compose;

/// <summary>What must stay true of the Dockerfile while the program changes.</summary>
public class DockerfileTests
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.PathOf("Dockerfile"));

    /// <summary>Or the restore would not see them, and every change of a source would restore again.</summary>
    [Fact]
    public void Restore_ProjectsOfTheProgram_AreCopiedBefore()
    {
        int restore = Array.FindIndex(Lines, line => line.Contains("dotnet restore", StringComparison.Ordinal));
        string[] copied = [.. Lines[..restore].Where(
            line => line.Contains(".csproj", StringComparison.Ordinal)).Select(line => line.Split(' ')[1])];
        Assert.Equal(Projects("src/Cli/Cli.csproj").Distinct().Order(), copied.Order());
    }

    [Fact]
    public void Commands_AreOnesThatTheProgramTakes()
    {
        string[][] commands = [.. Lines.Where(line => line.StartsWith("CMD ", StringComparison.Ordinal)).Select(
            line => JsonSerializer.Deserialize<string[]>(line["CMD ".Length..])!)];
        using var environment = CliEnvironment.OfThisProcess();
        Assert.Equal(3, commands.Length);
        Assert.All(commands, words => Assert.Empty(LoptCommandLine.Create(environment).Parse(words).Errors));
    }

    /// <summary>A shell form would need a shell in the image, and would keep SIGTERM from the program.</summary>
    [Fact]
    public void EntryPoints_AreInExecForm() => Assert.All(
        Lines.Where(line => line.StartsWith("ENTRYPOINT", StringComparison.Ordinal) || line.StartsWith("CMD", StringComparison.Ordinal)),
        line => Assert.Contains(" [\"", line));

    [Fact]
    public void Version_IsTheRepositorys() => Assert.Contains($"ARG VERSION={Repository.Version}", Lines);

    private static IEnumerable<string> Projects(string project)
    {
        string folder = Path.GetDirectoryName(project)!;
        var references = XDocument.Load(Repository.PathOf(project)).Descendants("ProjectReference").Select(
            r => r.Attribute("Include")!.Value);
        return references.SelectMany(
            r => Projects(Path.GetRelativePath(Repository.Root, Path.GetFullPath(Repository.PathOf(Path.Combine(folder, r))))))
            .Prepend(project);
    }
}
