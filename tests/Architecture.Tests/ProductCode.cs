using System.Reflection;
using ArchUnitNET.Loader;

namespace LoptCluster.Architecture.Tests;

/// <summary>The compiled projects of src and every use of one of their types by another.</summary>
/// <remarks>From the compiled code: a constant is copied where it is used, so its arrow is not seen.</remarks>
internal static class ProductCode
{
    private static readonly Lazy<IReadOnlyList<Arrow>> Loaded = new(Load);

    /// <summary>Projects of src by name, in the order in which they build upon one another.</summary>
    public static IReadOnlyDictionary<string, Assembly> Projects { get; } =
        new[] { "Shared", "Protocol", "Engine", "Hosting", "Torch", "Coordinator", "Worker", "Cli" }
            .ToDictionary(project => project, project => Assembly.Load(project == "Cli" ? "lopt" : $"LoptCluster.{project}"));

    /// <summary>Between different types, each pair once.</summary>
    public static IReadOnlyList<Arrow> Arrows => Loaded.Value;

    private static List<Arrow> Load()
    {
        var types = new ArchLoader().LoadAssemblies([.. Projects.Values]).Build().Types;
        var arrows = new HashSet<Arrow>();
        foreach (var type in types)
        {
            if (Of(type) is not { } from) continue;
            foreach (var dependency in type.Dependencies)
                if (Of(dependency.Target) is { } to && to != from) arrows.Add(new Arrow(from, to));
        }

        return [.. arrows];
    }

    /// <remarks>A type parameter has no namespace.</remarks>
    private static CodeType? Of(ArchUnitNET.Domain.IType? type) =>
        type?.Namespace is { } space ? CodeType.From(space.FullName, type.FullName) : null;
}
