namespace LoptCluster.Engine.Datasets;

/// <summary>Task: some classes of a dataset, each class's images split into inner-train and inner-validation (§4.2).</summary>
/// <remarks>Immutable. An example's label is the position of its class among <see cref="Classes"/>.</remarks>
public sealed class InnerTask
{
    public required IImageDataset Dataset { get; init; }

    /// <summary>Class numbers within the dataset.</summary>
    public required IReadOnlyList<int> Classes { get; init; }

    /// <summary>Image numbers within the class for inner-training, indexed by class position.</summary>
    public required IReadOnlyList<int[]> TrainImages { get; init; }

    /// <summary>Image numbers within the class for inner-validation, indexed by class position.</summary>
    public required IReadOnlyList<int[]> ValidImages { get; init; }
}
