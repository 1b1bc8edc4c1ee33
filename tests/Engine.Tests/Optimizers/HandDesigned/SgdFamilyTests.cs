using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

public sealed class SgdFamilyTests() : OuterTrainableFamilyContract(OptimizerFamilies.Sgd)
{
    protected override (double[] W, double[] M) Update(
        ParameterLayout layout, double[] theta, long t, double[] g, double[] w, double[] m) =>
        ([.. w.Zip(g, (x, slope) => x - (theta[0] * slope))], m);
}
