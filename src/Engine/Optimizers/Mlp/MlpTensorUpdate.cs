using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>
/// The update of <see cref="MlpOptimizer"/>, a tensor at a time and wherever the tensors lie: for optimizers of other frameworks.
/// </summary>
/// <remarks>
/// The same kernels in the same order, so the same bits. Holds the scratch memory of one thread: not thread-safe, no allocation in the
/// calls. First <see cref="BeginStep"/>, then <see cref="Update"/> for each tensor of the step.
/// </remarks>
public sealed unsafe class MlpTensorUpdate : IDisposable
{
    /// <summary>Momenta that a parameter carries.</summary>
    public const int StateVectors = MlpShape.Momenta;

    private readonly MlpStep _step;
    private readonly AlignedBuffer _theta;

    private readonly UpdateSettings _settings;
    private double _stepScale;

    /// <param name="kind">One of the MLPs.</param>
    /// <param name="theta">θ; copied.</param>
    /// <param name="settings">λ_lin and λ_exp (App. D.1), and the training that the inputs of the task describe.</param>
    public MlpTensorUpdate(OptimizerKind kind, ReadOnlySpan<float> theta, UpdateSettings settings)
    {
        var shape = MlpShape.Of(kind).With(settings);
        ArgumentOutOfRangeException.ThrowIfNotEqual(theta.Length, shape.ThetaLength);
        _step = new MlpStep(shape, settings);
        _settings = settings;
        _theta = new AlignedBuffer(theta.Length);
        theta.CopyTo(_theta.Span);
    }

    /// <param name="t">Step before the update, from 0.</param>
    public void BeginStep(long t)
    {
        _step.Begin(_theta.Pointer, t);
        _stepScale = _settings.StepScaleAt(t);
    }

    /// <summary>w and m of one tensor move one step, in place; normalised over this tensor.</summary>
    /// <remarks>
    /// Reads and writes whole vectors of 16 floats: g and w have room for n rounded up to a multiple of 16, zero beyond n, and each row of
    /// m too. What is beyond n stays zero.
    /// </remarks>
    /// <param name="n">Parameters.</param>
    /// <param name="stride">Floats from one momentum's row to the next; at least n rounded up to 16.</param>
    /// <param name="factor">Factor on the step, 1 as trained.</param>
    public void Update(float* g, float* w, float* m, int n, nint stride, double factor) => _step.Update(
        _theta.Pointer, new MlpVectors(g, w, m, stride), n, new MlpScales((float)(_stepScale * factor), (float)_settings.ExponentScale));

    public void Dispose()
    {
        _step.Dispose();
        _theta.Dispose();
    }
}
