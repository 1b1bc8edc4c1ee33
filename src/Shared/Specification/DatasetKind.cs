namespace LoptCluster.Shared.Specification;

public enum DatasetKind
{
    /// <summary>The built-in generator, 1,000 classes.</summary>
    Procedural,

    /// <summary>Real files; which format is told from the folder given with --data.</summary>
    Files,
}
