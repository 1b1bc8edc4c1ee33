using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Torch.Tests.InnerProblems;

/// <summary>Minibatches and vectors by chance.</summary>
internal sealed class Batches(ImageShape shape, int size, int classes)
{
    private readonly float[] _inputs = Normal(size * shape.Length, 1);
    private readonly int[] _labels = [.. Enumerable.Range(0, size).Select(i => (i * 7) % classes)];

    public Minibatch All => new(_inputs, _labels);

    /// <summary>Minibatch of the first few examples.</summary>
    public Minibatch First(int count) => new(_inputs.AsSpan(0, count * shape.Length), _labels.AsSpan(0, count));

    public static float[] Normal(int length, long seed, double std = 1)
    {
        float[] values = new float[length];
        new RandomStream(seed, RandomPurpose.InnerInitialization, 99).FillNormal(values, std);
        return values;
    }

    /// <summary>In a layout, padding zero.</summary>
    public static float[] Vector(ParameterLayout layout, long seed, double std = 1)
    {
        float[] padded = new float[layout.PaddedLength];
        layout.Pad(Normal(layout.Length, seed, std), padded);
        return padded;
    }

    /// <summary>Relative distance |a − b| / |b|.</summary>
    public static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double difference = 0, norm = 0;
        for (int i = 0; i < a.Length; i++)
        {
            difference += Math.Pow((double)a[i] - b[i], 2);
            norm += Math.Pow(b[i], 2);
        }

        return Math.Sqrt(difference / norm);
    }
}
