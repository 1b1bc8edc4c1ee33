using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Pathologies;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>The landscape of the paper's learned optimizer around the θ from which outer-training starts.</summary>
internal sealed class ThetaLandscape : IDisposable
{
    /// <summary>Inner-steps of the outer-loss whose gradient gives the direction of the slices.</summary>
    private const int DirectionSteps = 20;

    private readonly OuterLandscape _landscape;
    private readonly float[] _start;

    public ThetaLandscape(FigureRun run, RunSpecification specification)
    {
        _landscape = OuterLandscape.OfTask(specification, run.Images(specification));
        _start = OptimizerFactory.InitialTheta(specification);
        var (_, gradient) = _landscape.LossAndGradient(_start, DirectionSteps, run.Cancellation);
        Gradient = RandomDirections.Unit([.. gradient.Select(g => (float)g)]);
    }

    /// <summary>Direction of the gradient at the start, of length 1.</summary>
    public float[] Gradient { get; }

    /// <summary>L at the start, moved by a distance along the gradient, and by one across it.</summary>
    public double Loss(double along, int steps, CancellationToken cancellation, double across = 0, float[]? direction = null)
    {
        float[] theta = [.. _start];
        for (int i = 0; i < theta.Length; i++)
            theta[i] += (float)((along * Gradient[i]) + (direction is null ? 0 : across * direction[i]));
        return _landscape.Loss(theta, steps, cancellation);
    }

    public void Dispose() => _landscape.Dispose();
}
