using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Datasets.Procedural;

/// <summary>Wave cos 2π(X u + Y v + Phase) over the picture, u and v from -½ to ½.</summary>
/// <param name="X">Cycles across the picture.</param>
/// <param name="Y">Cycles down the picture.</param>
/// <param name="Phase">Phase in turns (1 = 2π).</param>
internal readonly record struct Wave(float X, float Y, float Phase)
{
    /// <summary>
    /// Number of waves in a field; with amplitude <see cref="UnitAmplitude"/> each, its variance is 1 on average over the phases.
    /// </summary>
    public const int PerField = 8;

    public const float UnitAmplitude = 0.5f;

    // Smooth enough for the smallest pictures, eight pixels wide: a shift by one pixel must not turn a class into noise.
    private const float MaxCycles = 2;

    /// <summary>Draws a wave of random direction, with 0 to 2 cycles across the picture, uniformly.</summary>
    public static Wave Draw(ref RandomStream random)
    {
        float cycles = random.NextSingle() * MaxCycles;
        var (sin, cos) = Turns.SinCos(random.NextSingle());
        return new(cycles * cos, cycles * sin, random.NextSingle());
    }
}
