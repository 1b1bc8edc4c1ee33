namespace LoptCluster.Shared.Specification;

/// <summary>Source of the images.</summary>
public enum DatasetKind
{
    /// <summary>Built-in generator of 1,000 classes.</summary>
    Procedural,

    /// <summary>Image files; their format is recognised from the folder given with --data.</summary>
    Files,
}
