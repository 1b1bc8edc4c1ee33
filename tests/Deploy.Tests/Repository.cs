using System.Xml.Linq;

namespace LoptCluster.Deploy.Tests;

/// <summary>Where the files under test lie: the folder of the solution, above the test executable.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The version that everything of this repository carries.</summary>
    public static string Version { get; } = XDocument.Load(PathOf("Directory.Build.props")).Descendants("Version").Single().Value;

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "LoptCluster.sln"))) return folder.FullName;
        throw new InvalidOperationException($"no LoptCluster.sln above {AppContext.BaseDirectory}");
    }
}
