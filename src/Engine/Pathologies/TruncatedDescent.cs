using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Pathologies;

/// <summary>Outer-trains one hyper-parameter by truncated backpropagation, one outer-update a truncation (§2.4).</summary>
/// <remarks>The other elements of θ keep their initial values.</remarks>
public static class TruncatedDescent
{
    /// <summary>Runs whole inner-trainings one after the other.</summary>
    /// <param name="specification">Run with <c>estimator = "backprop"</c> and truncations of constant length.</param>
    /// <param name="images">Images of the run.</param>
    /// <param name="hyperParameter">Hyper-parameter that is trained, with its start.</param>
    /// <param name="optimizer">Outer-optimizer, with its learning rate; 0 measures at the start alone.</param>
    /// <param name="problems">Number of inner-trainings.</param>
    /// <param name="cancellation">Checked at every inner-step.</param>
    public static IReadOnlyList<DescentStep> Run(
        RunSpecification specification,
        IRunImages images,
        (string Name, double Start) hyperParameter,
        (IOuterOptimizer Rule, double LearningRate) optimizer,
        int problems,
        CancellationToken cancellation)
    {
        var layout = OptimizerFamilies.Of(specification.Optimizer).Theta;
        int element = layout.IndexOf(hyperParameter.Name);
        float[] theta = layout.Point(hyperParameter);
        var outer = OuterOptimizerState.Zero(optimizer.Rule, theta.Length);
        using var slot = new Slot(specification, images);
        var steps = new List<DescentStep>();
        for (int problem = 0; problem < problems; problem++)
        {
            var state = slot.Begin(problem);
            bool finished = false;
            while (!finished)
            {
                var published = new PublishedTheta(new ThetaSnapshot(steps.Count, theta), SamplePlan.All);
                var sample = slot.Measure(state, published, cancellation);
                var measured = sample.Measured(EstimatorId.Backprop);
                double gradient = measured is { IsFinite: true } ? measured.Values.Span[element] : double.NaN;
                steps.Add(new DescentStep(
                    problem, sample.StartStep, sample.Steps, sample.MeanLoss, layout.Values(theta)[element], gradient));
                double[] moved = new double[theta.Length];
                moved[element] = gradient;
                (theta, outer) = optimizer.Rule.Step(
                    theta, GradientClip.Apply(moved, specification.GradientClip), optimizer.LearningRate, outer);
                finished = sample.ProblemFinished;
            }
        }

        return steps;
    }
}
