using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

public sealed class RmsPropFamilyTests() : OptimizerFamilyContract(OptimizerFamilies.RmsProp)
{
    protected override (double[] W, double[] M) Update(ParameterLayout layout, double[] theta, long t, double[] g, double[] w, double[] m)
    {
        double[] v = [.. m.Zip(g, (x, slope) => (0.9 * x) + (0.1 * slope * slope))];
        return ([.. w.Select((x, i) => x - (theta[0] * g[i] / Math.Sqrt(v[i] + 1e-10)))], v);
    }
}
