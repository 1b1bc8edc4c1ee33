using System.Xml.Linq;
using LoptCluster.TestKit;

namespace LoptCluster.Architecture.Tests.Projects;

/// <summary>A .csproj of src.</summary>
internal sealed class ProjectFile(string name)
{
    private readonly XDocument _xml = XDocument.Load(Repository.PathOf($"src/{name}/{name}.csproj"));

    /// <summary>Every folder of src is a project.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateDirectories(Repository.PathOf("src")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    public IEnumerable<string> Projects => Includes("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path));

    /// <summary>Packages and shared frameworks.</summary>
    public IEnumerable<string> Packages => Includes("PackageReference").Concat(Includes("FrameworkReference"));

    private IEnumerable<string> Includes(string element) => _xml.Descendants(element).Select(e => e.Attribute("Include")!.Value);
}
