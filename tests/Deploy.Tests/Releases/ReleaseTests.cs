using System.Text.RegularExpressions;
using System.Xml.Linq;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Releases;

/// <summary>Version and licence are in Directory.Build.props; what repeats them must not differ.</summary>
public sealed partial class ReleaseTests
{
    /// <summary>Files that a package, an image or a reader takes the version from.</summary>
    private static readonly string[] Files =
    [
        "README.md", "Dockerfile", "docker-compose.yml", ".env.example", "python/src/lopt/_version.py",
        .. Under("docs", "*.md"), .. Under("deploy", "*.yaml"), .. Under("deploy", "*.md"),
    ];

    [Fact]
    public void Version_WhereverItIsRepeated_IsTheRepositorys()
    {
        var named = Files.SelectMany(file => NamedVersion().Matches(File.ReadAllText(Repository.PathOf(file))).Select(
            match => (File: file, Text: match.Value, Version: match.Groups[1].Value))).ToList();
        Assert.DoesNotContain(named, n => n.Version != Repository.Version);
        Assert.Superset(
            new HashSet<string> { "Dockerfile", "docker-compose.yml", "python/src/lopt/_version.py", "docs/RELEASE.md" },
            named.Select(n => n.File).ToHashSet());
    }

    [Theory]
    [InlineData("python/pyproject.toml", "license = { text = \"{0}\" }")]
    [InlineData("Dockerfile", "org.opencontainers.image.licenses=\"{0}\"")]
    [InlineData("README.md", "[{0}](LICENSE)")]
    public void Licence_WhereverItIsRepeated_IsTheRepositorys(string file, string line)
    {
        string expected = line.Replace("{0}", Property("PackageLicenseExpression"), StringComparison.Ordinal);
        Assert.Contains(expected, File.ReadAllText(Repository.PathOf(file)), StringComparison.Ordinal);
    }

    /// <summary>A tool is one package for all systems; a program is made for one.</summary>
    [Fact]
    public void Tool_HasNativeCodeOfEverySystemThatAProgramIsMadeFor()
    {
        string packed = Property("PackedSystems");
        string build = File.ReadAllText(Repository.PathOf("deploy/release/build"));
        string[] systems = DefaultSystems().Match(build).Groups[1].Value.Split(' ');
        Assert.True(systems.Length >= 4);
        Assert.All(systems, system => Assert.Contains($";{system};", packed, StringComparison.Ordinal));
    }

    private static string Property(string name) =>
        XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants(name).Single().Value;

    private static IEnumerable<string> Under(string folder, string pattern) =>
        Directory.EnumerateFiles(Repository.PathOf(folder), pattern, SearchOption.AllDirectories).Select(
            path => Path.GetRelativePath(Repository.Root, path));

    [GeneratedRegex(
        """(?:[Ll]opt[A-Za-z/{},-]*[.:-]|LOPT_VERSION(?::-|=)|newTag: |__version__ = "|ARG VERSION=|kubernetes.io/version: )"""
            + @"(\d+\.\d+\.\d+)")]
    private static partial Regex NamedVersion();

    [GeneratedRegex(@"systems=\(((?:[a-z]+-[a-z0-9]+ ?)+)\)")]
    private static partial Regex DefaultSystems();
}
