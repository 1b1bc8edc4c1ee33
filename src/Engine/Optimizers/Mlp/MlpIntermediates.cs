using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>What an update leaves of one tensor to its vector-Jacobian product. Null pointers: nothing.</summary>
/// <remarks>
/// In memory: o0, the step sizes and the active units of all parameters, in the layout's order; then 16 floats a tensor for its sums of
/// squares.
/// </remarks>
internal readonly unsafe struct MlpIntermediates(MlpOutputs outputs, float* squareSums)
{
    private const int PerParameter = 3;
    private const int PerTensor = ParameterLayout.Padding;

    public readonly MlpOutputs Outputs = outputs;

    /// <summary>Of g, the momenta after the update, w.</summary>
    public readonly float* SquareSums = squareSums;

    public static int Length(ParameterLayout layout) => (PerParameter * layout.PaddedLength) + (PerTensor * layout.Tensors.Length);

    /// <summary>The <paramref name="index"/>th tensor's part of a step's intermediate values, which may be null.</summary>
    public static MlpIntermediates Of(float* all, ParameterLayout layout, int index)
    {
        if (all == null) return default;
        int padded = layout.PaddedLength;
        float* from = all + layout.Tensors[index].Offset;
        return new(new MlpOutputs(from, from + padded, (uint*)(from + (2 * padded))), all + (PerParameter * padded) + (PerTensor * index));
    }
}
