using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>Family of Adam, bias-corrected, with ε outside the root (Fig. 2d, 3, 18).</summary>
/// <remarks>
/// θ holds logarithms: a step in θ changes each hyper-parameter by a factor, and no θ leaves the allowed range (1 − β is limited to 1).
/// </remarks>
internal sealed class AdamFamily() : HandDesignedFamily(
    "adam",
    "Adam",
    [
        new("learningRate", 1e-3, HyperParameterTransform.Log),
        new("beta1", 0.9, HyperParameterTransform.LogOneMinus),
        new("beta2", 0.999, HyperParameterTransform.LogOneMinus),
        new("epsilon", 1e-8, HyperParameterTransform.Log),
    ],
    [new("m"), new("v", NonNegative: true)]), IOuterTrainableFamily
{
    public OptimizerKind Kind => OptimizerKind.Adam;

    public IOuterTrainableOptimizer Create(ParameterLayout layout, UpdateSettings settings) => new Optimizer(this, layout);

    private sealed class Optimizer(AdamFamily family, ParameterLayout layout)
        : HandDesignedOptimizer(family, layout), IOuterTrainableOptimizer
    {
        public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
        {
            UpdateLengths.Check(this, Layout, theta, g, w, m);
            AdamKernels.Update(AdamConstants.Of(theta, t), g, w, m);
        }

        public void VectorJacobianProduct(in MadeUpdate update, in UpdateCotangents cotangents)
        {
            UpdateLengths.Check(this, Layout, update, cotangents);
            var c = AdamConstants.Of(update.Theta, update.T);
            var theta = AdamKernels.PullBack(c, update.G, update.M, update.MNext, cotangents.W, cotangents.M, cotangents.G);
            c.AddThetaCotangent(theta, cotangents.Theta);
        }
    }
}
