using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Datasets.Procedural;

/// <summary>cos 2π(X u + Y v + Phase) over the picture, u and v from -½ to ½.</summary>
/// <param name="X">Cycles across the picture.</param>
/// <param name="Y">Cycles down the picture.</param>
/// <param name="Phase">Turns.</param>
internal readonly record struct Wave(float X, float Y, float Phase)
{
    /// <summary>Waves that make a field; with amplitude <see cref="UnitAmplitude"/> each, its variance is 1 on average over the phases.</summary>
    public const int PerField = 8;

    public const float UnitAmplitude = 0.5f;

    private const float MaxCycles = 3;

    public static Wave Draw(ref RandomStream random)
    {
        float x = ((2 * random.NextSingle()) - 1) * MaxCycles;
        float y = ((2 * random.NextSingle()) - 1) * MaxCycles;
        return new(x, y, random.NextSingle());
    }
}
