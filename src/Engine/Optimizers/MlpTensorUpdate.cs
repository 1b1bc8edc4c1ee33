using LoptCluster.Engine.Numerics;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers;

/// <summary>The update of <see cref="MlpOptimizer"/>, a tensor at a time and wherever the tensors lie: for optimizers of other frameworks.</summary>
/// <remarks>
/// The same kernels in the same order, so the same bits. Holds the scratch memory of one thread: not thread-safe, no allocation in the calls.
/// First <see cref="BeginStep"/>, then <see cref="Update"/> for each tensor of the step.
/// </remarks>
public sealed unsafe class MlpTensorUpdate : IDisposable
{
    /// <summary>Momenta that a parameter carries.</summary>
    public const int StateVectors = MlpForm.Momenta;

    private readonly MlpForm _form;
    private readonly MlpUnits _units;
    private readonly AlignedBuffer _squareSums = new(MlpForm.BaseVectors);
    private readonly AlignedBuffer _outputs = new(2 * MlpEvaluation.Block);
    private readonly AlignedBuffer _theta;
    private readonly float[] _time = new float[MlpForm.Timescales.Length];

    /// <param name="kind">Mlp16 or Mlp31.</param>
    /// <param name="theta">θ; copied.</param>
    public MlpTensorUpdate(OptimizerKind kind, ReadOnlySpan<float> theta)
    {
        _form = MlpForm.Of(kind);
        ArgumentOutOfRangeException.ThrowIfNotEqual(theta.Length, _form.ThetaLength);
        _units = new MlpUnits(_form);
        _theta = new AlignedBuffer(theta.Length);
        theta.CopyTo(_theta.Span);
    }

    /// <param name="t">Step before the update, from 0.</param>
    public void BeginStep(long t)
    {
        TimeFeatures.Fill(t, _time);
        _units.PrepareStep(_theta.Pointer, _time);
    }

    /// <summary>w and m of one tensor move one step, in place; normalised over this tensor.</summary>
    /// <remarks>
    /// Reads and writes whole vectors of 16 floats: g and w have room for n rounded up to a multiple of 16, zero beyond n, and each row of m too. What is
    /// beyond n stays zero.
    /// </remarks>
    /// <param name="n">Parameters.</param>
    /// <param name="stride">Floats from one momentum's row to the next; at least n rounded up to 16.</param>
    /// <param name="stepScale">λ_lin (App. D.1).</param>
    /// <param name="exponentScale">λ_exp.</param>
    public void Update(float* g, float* w, float* m, int n, nint stride, double stepScale, double exponentScale)
    {
        var vectors = new MlpVectors(g, w, m, stride);
        var scales = new MlpScales((float)stepScale, (float)exponentScale);
        MlpKernels.UpdateMomenta(vectors, n, _squareSums.Pointer);
        _units.PrepareTensor(_theta.Pointer, _squareSums.Pointer, n);
        for (int i = 0; i < n; i += MlpEvaluation.Block)
        {
            int count = Math.Min(MlpEvaluation.Block, n - i);
            MlpEvaluation.Run(vectors.From(i), count, _units.Pointer, _units.OutputBias, null, _outputs.Pointer);
            MlpKernels.Apply(w + i, count, _outputs.Pointer, scales);
        }
    }

    public void Dispose()
    {
        _units.Dispose();
        _squareSums.Dispose();
        _outputs.Dispose();
        _theta.Dispose();
    }
}
