namespace LoptCluster.Architecture.Tests;

/// <summary>A top-level type of the product and where it is.</summary>
/// <param name="Project">Folder of src, e.g. "Engine".</param>
/// <param name="Folder">Folder of the project, e.g. "InnerProblems.Convnets"; empty: the project's root.</param>
/// <param name="Name">Without the number of type parameters; nested types count as the type around them.</param>
internal sealed record CodeType(string Project, string Folder, string Name)
{
    private const string Product = "LoptCluster.";

    /// <summary>From the name that the runtime gives a type; null: not code of this product, or made by the compiler.</summary>
    public static CodeType? From(string space, string fullName)
    {
        if (!space.StartsWith(Product, StringComparison.Ordinal)) return null;
        string[] place = space[Product.Length..].Split('.', 2);
        string name = fullName[(space.Length + 1)..].Split('+', '/', '`')[0];
        return name.StartsWith('<') ? null : new CodeType(place[0], place.Length > 1 ? place[1] : "", name);
    }

    public bool IsIn(string folder) => Folder == folder || IsBelow(folder);

    public bool IsBelow(string folder) =>
        folder.Length == 0 ? Folder.Length > 0 : Folder.StartsWith(folder + ".", StringComparison.Ordinal);

    public override string ToString() => Folder.Length == 0 ? $"{Project}.{Name}" : $"{Project}.{Folder}.{Name}";
}
