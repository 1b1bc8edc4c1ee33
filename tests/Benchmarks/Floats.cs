using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Benchmarks;

/// <summary>Data for benchmarks: normal numbers, the same in every run.</summary>
internal static class Floats
{
    public static AlignedBuffer Normal(long length, double std = 1)
    {
        var buffer = new AlignedBuffer(length);
        var random = new RandomStream(1, RandomPurpose.InnerInitialization);
        random.FillNormal(buffer.Span, std);
        return buffer;
    }

    /// <summary>A vector in padded layout, its padding zero.</summary>
    public static float[] Parameters(ParameterLayout layout, long seed, double std = 1)
    {
        var random = new RandomStream(seed, RandomPurpose.InnerInitialization);
        float[] compact = new float[layout.Length], padded = new float[layout.PaddedLength];
        random.FillNormal(compact, std);
        layout.Pad(compact, padded);
        return padded;
    }
}
