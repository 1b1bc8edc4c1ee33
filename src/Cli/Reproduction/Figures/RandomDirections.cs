using LoptCluster.Shared.Randomness;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Directions along which a landscape or a trajectory is looked at.</summary>
internal static class RandomDirections
{
    /// <summary>A random direction of length 1.</summary>
    public static float[] Draw(long seed, int index, int length)
    {
        float[] direction = new float[length];
        new RandomStream(seed, RandomPurpose.LandscapeDirection, index).FillNormal(direction);
        return Unit(direction);
    }

    /// <summary>Part of a direction at right angles to another one of length 1, scaled to length 1.</summary>
    public static float[] Across(float[] direction, float[] other)
    {
        double share = direction.Zip(other, (a, b) => (double)a * b).Sum();
        return Unit([.. direction.Zip(other, (a, b) => (float)(a - (share * b)))]);
    }

    public static float[] Unit(IReadOnlyList<float> values)
    {
        double norm = Math.Sqrt(values.Sum(v => (double)v * v));
        return [.. values.Select(v => (float)(v / norm))];
    }
}
