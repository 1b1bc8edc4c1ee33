using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets;

/// <summary>Opens the dataset that a specification asks for.</summary>
public static class DatasetCatalog
{
    /// <param name="directory">Folder with the files of a real dataset; not looked at for the procedural one.</param>
    /// <exception cref="UserErrorException">The folder or a file in it is missing, damaged or not what it should be.</exception>
    public static IImageDataset Open(RunSpecification specification, string? directory) => specification.Dataset switch
    {
        DatasetKind.Procedural => new ProceduralDataset(specification),
        _ => throw new UserErrorException($"dataset = {specification.Dataset}: only procedural images are built in."),
    };
}
