using LoptCluster.Engine.Numerics;

namespace LoptCluster.Engine.Optimizers;

/// <summary>One step of the MLP optimizer, tensor by tensor, with its scratch memory; one thread's.</summary>
internal sealed unsafe class MlpStep(MlpForm form) : IDisposable
{
    private readonly AlignedBuffer _squareSums = new(MlpForm.BaseVectors);
    private readonly AlignedBuffer _outputs = new(2 * MlpEvaluation.Block);
    private readonly float[] _time = new float[MlpForm.Timescales.Length];

    /// <summary>The hidden units' effective weights for the tensor at hand.</summary>
    public MlpUnits Units { get; } = new(form);

    /// <summary>The time inputs of the step.</summary>
    public ReadOnlySpan<float> Time => _time;

    /// <param name="t">Step before the update.</param>
    public void Begin(float* theta, long t)
    {
        TimeFeatures.Fill(t, _time);
        Units.PrepareStep(theta, _time);
    }

    /// <summary>m and w of a tensor of n parameters, in place.</summary>
    public void Update(float* theta, MlpVectors vectors, int n, MlpScales scales)
    {
        MlpKernels.UpdateMomenta(vectors, n, _squareSums.Pointer);
        Units.PrepareTensor(theta, _squareSums.Pointer, n);
        for (int i = 0; i < n; i += MlpEvaluation.Block)
        {
            int count = Math.Min(MlpEvaluation.Block, n - i);
            MlpEvaluation.Run(vectors.From(i), count, Units.Pointer, Units.OutputBias, null, _outputs.Pointer);
            MlpKernels.Apply(vectors.W + i, count, _outputs.Pointer, scales);
        }
    }

    /// <summary>Prepares <see cref="Units"/> for a tensor whose momenta are those of after the update.</summary>
    public void Prepare(float* theta, MlpVectors vectors, int n)
    {
        MlpKernels.SumSquares(vectors, n, _squareSums.Pointer);
        Units.PrepareTensor(theta, _squareSums.Pointer, n);
    }

    public void Dispose()
    {
        Units.Dispose();
        _squareSums.Dispose();
        _outputs.Dispose();
    }
}
