using System.Collections.Immutable;

namespace LoptCluster.Engine.Parameters;

/// <summary>One weight tensor of an inner-problem: the unit of the learned optimizer's normalisation (App. D.1).</summary>
/// <param name="Name">Name of the tensor: "conv1_w", "bn1_scale", "W1", "head_b" …</param>
/// <param name="Shape">
/// Shape, row-major: [kh, kw, in, out] for convolutions, [in, out] for dense layers; with <see cref="ParameterLayout.OutputsFirst"/>
/// [out, in, kh, kw] and [out, in].
/// </param>
/// <param name="Offset">Offset of the first element in the padded vector; a multiple of <see cref="ParameterLayout.Padding"/>.</param>
/// <param name="Length">Number of elements, without padding.</param>
public sealed record ParameterTensor(string Name, ImmutableArray<int> Shape, int Offset, int Length)
{
    /// <summary>Number of elements with the zeros that follow: a multiple of <see cref="ParameterLayout.Padding"/>.</summary>
    public int PaddedLength => (Length + ParameterLayout.Padding - 1) / ParameterLayout.Padding * ParameterLayout.Padding;
}
