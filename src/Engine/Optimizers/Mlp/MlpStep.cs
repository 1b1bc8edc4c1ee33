using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>One step of the MLP optimizer, tensor by tensor, with its scratch memory; one thread's.</summary>
internal sealed unsafe class MlpStep(MlpShape shape, UpdateSettings settings) : IDisposable
{
    /// <summary>Parameters that are evaluated and then stepped while they are in the first-level cache: whole threes of vectors.</summary>
    private const int Block = 384;

    private readonly AlignedBuffer _squareSums = new(MlpShape.BaseVectors);
    private readonly AlignedBuffer _outputs = new(2 * Block);
    private readonly float[] _inputs = new float[shape.StepInputs];
    private readonly TaskFeatures? _task = shape.TaskInputs > 0 ? new TaskFeatures(settings) : null;

    /// <summary>The hidden units' effective weights for the tensor at hand.</summary>
    public MlpUnits Units { get; } = new(shape);

    /// <summary>The inputs that all parameters of the step share: time, and the task's.</summary>
    public ReadOnlySpan<float> Inputs => _inputs;

    /// <param name="t">Step before the update.</param>
    public void Begin(float* theta, long t)
    {
        TimeFeatures.Fill(settings, t, _inputs);
        _task?.Fill(t, _inputs.AsSpan(MlpShape.Timescales.Length));
        Units.PrepareStep(theta, _inputs);
    }

    /// <summary>m and w of a tensor of n parameters, in place.</summary>
    public void Update(float* theta, MlpVectors vectors, int n, MlpScales scales) =>
        Update(theta, vectors, vectors.W, vectors.M, n, scales, default);

    /// <summary>
    /// m and w of a tensor of n parameters, from <paramref name="vectors"/> to <paramref name="wNext"/> and <paramref name="mNext"/>, of
    /// the same stride.
    /// </summary>
    /// <param name="kept">Where to leave what the pullback needs; of null pointers: nowhere.</param>
    public void Update(float* theta, MlpVectors vectors, float* wNext, float* mNext, int n, MlpScales scales, MlpIntermediates kept)
    {
        float* squareSums = kept.SquareSums != null ? kept.SquareSums : _squareSums.Pointer;
        MlpKernels.UpdateMomenta(vectors, mNext, n, squareSums);
        Units.PrepareTensor(theta, squareSums, n);
        var scratch = new MlpOutputs(_outputs.Pointer, _outputs.Pointer + Block, null);
        var after = new MlpVectors(vectors.G, vectors.W, mNext, vectors.Stride);
        for (int i = 0; i < n; i += Block)
        {
            int count = Math.Min(Block, n - i);
            var outputs = kept.SquareSums != null ? kept.Outputs.From(i) : scratch;
            MlpEvaluation.Run(after.From(i), count, Units.Pointer, Units.OutputBias, outputs);
            MlpKernels.Apply(vectors.W + i, wNext + i, count, outputs, scales);
        }
    }

    /// <summary>Prepares <see cref="Units"/> for a tensor whose momenta are those of after the update.</summary>
    /// <param name="squareSums">What the update found; null: they are summed again.</param>
    /// <returns>The sums of squares.</returns>
    public float* Prepare(float* theta, MlpVectors vectors, int n, float* squareSums)
    {
        if (squareSums == null)
        {
            squareSums = _squareSums.Pointer;
            MlpKernels.SumSquares(vectors, n, squareSums);
        }

        Units.PrepareTensor(theta, squareSums, n);
        return squareSums;
    }

    public void Dispose()
    {
        Units.Dispose();
        _squareSums.Dispose();
        _outputs.Dispose();
    }
}
