using System.Xml.Linq;

namespace LoptCluster.TestKit;

/// <summary>The files of this repository: the folder of the solution, found above the test executable.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The version that everything in this repository carries.</summary>
    public static string Version { get; } = XDocument.Load(PathOf("Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "LoptCluster.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"There is no LoptCluster.sln above '{AppContext.BaseDirectory}'.");
    }
}
