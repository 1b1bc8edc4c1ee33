using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Tests.InnerProblems.FullyConnected;

/// <summary>Random parameters, direction and examples of a net.</summary>
internal sealed class FullyConnectedCase(ParameterLayout layout, int[] widths, int rows, int seed)
{
    private RandomStream _random = new(seed, RandomPurpose.InnerInitialization);

    public float[] W => field ??= Vector(0.4);

    public float[] V => field ??= Vector();

    public float[] X => field ??= Draw(rows * widths[0], 1);

    public int[] Labels => field ??= [.. Enumerable.Range(0, rows).Select(_ => _random.NextInt32(widths[^1]))];

    public Minibatch Batch => new(X, Labels);

    public float[] Vector(double std = 1)
    {
        float[] padded = new float[layout.PaddedLength];
        layout.Pad(Draw(layout.Length, std), padded);
        return padded;
    }

    public double[] Wide(float[] padded) => VectorAssert.Wide(layout, padded);

    private float[] Draw(int length, double std)
    {
        float[] values = new float[length];
        _random.FillNormal(values, std);
        return values;
    }
}
