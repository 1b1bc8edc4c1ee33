namespace LoptCluster.Engine.Datasets.Files;

/// <summary>A numpy type as a pickle has it.</summary>
/// <param name="Name">Numpy's code, such as "u1".</param>
public sealed record PickledType(string Name)
{
    /// <summary>Takes what numpy pickles of a type beside its name: nothing that bytes need. Called by the reader, by this name.</summary>
    public void __setstate__(object[] state) => _ = state;
}
