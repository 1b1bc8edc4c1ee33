using System.Collections.Immutable;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers.Search;

/// <summary>Space of a family's hyper-parameters that a random search draws configurations from (§4.4).</summary>
/// <param name="Family">The family; a hyper-parameter without a range keeps its initial value.</param>
/// <param name="Ranges">Ranges of the others.</param>
/// <param name="Source">Where the ranges come from, for people.</param>
public sealed record SearchSpace(IOptimizerFamily Family, ImmutableArray<SearchRange> Ranges, string Source)
{
    /// <summary>
    /// Configuration i of a seed as θ, i from 1, the same on every machine. The first has the family's initial values, the published ones.
    /// </summary>
    public float[] Draw(long seed, long configuration)
    {
        float[] theta = Family.Theta.Point();
        if (configuration <= 1) return theta;
        var random = new RandomStream(seed, RandomPurpose.HyperParameterSearch, configuration);
        foreach (var range in Ranges)
        {
            int index = Family.Theta.IndexOf(range.Name);
            var parameter = Family.Theta.HyperParameters[index];
            double share = random.NextDouble();
            if (range.Logarithmic)
            {
                double from = Math.Log(range.Lowest), to = Math.Log(range.Highest);
                theta[index] = parameter.ToTheta(DoubleMath.Exp(from + (share * (to - from))));
            }
            else
            {
                double from = parameter.ToTheta(range.Lowest), to = parameter.ToTheta(range.Highest);
                theta[index] = (float)(from + (share * (to - from)));
            }
        }

        return theta;
    }
}
