using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

public sealed class MomentumFamilyTests() : OuterTrainableFamilyContract(OptimizerFamilies.Momentum)
{
    protected override (double[] W, double[] M) Update(ParameterLayout layout, double[] theta, long t, double[] g, double[] w, double[] m)
    {
        double[] v = [.. m.Zip(g, (x, slope) => (theta[1] * x) + slope)];
        return ([.. w.Zip(v, (x, step) => x - (theta[0] * step))], v);
    }
}
