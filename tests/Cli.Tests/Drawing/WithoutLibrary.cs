using System.Reflection;
using System.Runtime.Loader;
using LoptCluster.Cli.Drawing;

namespace LoptCluster.Cli.Tests.Drawing;

/// <summary>The program's assemblies once more, on a system on which one of their native libraries does not load.</summary>
internal sealed class WithoutLibrary : AssemblyLoadContext
{
    private static readonly string[] Again = ["lopt", "HarfBuzzSharp", "SkiaSharp", "Svg.", "ShimSkiaSharp"];

    private readonly string _library;

    private WithoutLibrary(string library) : base(isCollectible: false) => _library = library;

    /// <summary>Runs <see cref="PngImage.Write"/> on such a system.</summary>
    public static string? Write(string library, string svg, string path)
    {
        var program = new WithoutLibrary(library).LoadFromAssemblyName(typeof(PngImage).Assembly.GetName());
        return (string?)program.GetType(typeof(PngImage).FullName!, throwOnError: true)!
            .GetMethod(nameof(PngImage.Write))!
            .Invoke(null, [svg, path]);
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        Again.Any(name => assemblyName.Name!.StartsWith(name, StringComparison.Ordinal))
            ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll"))
            : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        unmanagedDllName.StartsWith(_library, StringComparison.Ordinal)
            ? throw new DllNotFoundException($"The test has no {_library}.")
            : base.LoadUnmanagedDll(unmanagedDllName);
}
