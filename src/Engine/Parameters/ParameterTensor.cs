using System.Collections.Immutable;

namespace LoptCluster.Engine.Parameters;

/// <summary>One weight tensor of an inner-problem: the unit of the learned optimizer's normalisation (App. D.1).</summary>
/// <param name="Name">"conv1_w", "bn1_scale", "W1", "head_b" …</param>
/// <param name="Shape">Row-major. Convolutions [kh, kw, in, out]; dense [in, out].</param>
/// <param name="Offset">Of its first element in the padded vector; a multiple of <see cref="ParameterLayout.Padding"/>.</param>
/// <param name="Length">Elements, without padding.</param>
public sealed record ParameterTensor(string Name, ImmutableArray<int> Shape, int Offset, int Length);
