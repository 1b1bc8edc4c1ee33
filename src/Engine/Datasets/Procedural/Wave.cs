using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Datasets.Procedural;

/// <summary>cos 2π(X u + Y v + Phase) over the picture, u and v from -½ to ½.</summary>
/// <param name="X">Cycles across the picture.</param>
/// <param name="Y">Cycles down the picture.</param>
/// <param name="Phase">Turns.</param>
internal readonly record struct Wave(float X, float Y, float Phase)
{
    /// <summary>Waves of a field; with amplitude <see cref="UnitAmplitude"/> each, its variance is 1 on average over the phases.</summary>
    public const int PerField = 8;

    public const float UnitAmplitude = 0.5f;

    // Smoother than the eight pixels of the smallest nets' pictures would allow: a shift by a pixel must not turn a class into noise.
    private const float MaxCycles = 2;

    /// <summary>Any direction; cycles over the picture uniform from 0 to 2.</summary>
    public static Wave Draw(ref RandomStream random)
    {
        float cycles = random.NextSingle() * MaxCycles;
        var (sin, cos) = Turns.SinCos(random.NextSingle());
        return new(cycles * cos, cycles * sin, random.NextSingle());
    }
}
