namespace LoptCluster.Architecture.Tests.Folders;

/// <summary>What a type's name says about the arrows that it may have.</summary>
internal static class FolderRoles
{
    /// <summary>These choose between the folders below their own: they alone may use them, and those may not use them.</summary>
    private static readonly string[] Composition = ["Factory", "Catalog", "Registry", "Families"];

    /// <summary>Types of a project's root that its folders may use, beside options and exceptions.</summary>
    private static readonly string[] RootVocabulary = ["EngineVersion", "ProtocolLimits"];

    public static bool Composes(CodeType type) => Composition.Any(end => type.Name.EndsWith(end, StringComparison.Ordinal));

    public static bool IsRootVocabulary(CodeType type) =>
        type.Name.EndsWith("Options", StringComparison.Ordinal)
            || type.Name.EndsWith("Exception", StringComparison.Ordinal)
            || RootVocabulary.Contains(type.Name);
}
