using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Datasets.Procedural;

/// <summary>Fields that all classes share, and the waves that define each class.</summary>
/// <remarks>
/// Immutable. Every number comes from a stream keyed by (<see cref="Seed"/>, purpose, index), so that all runs share one world.
/// </remarks>
internal sealed class ProceduralWorld
{
    /// <summary>Version of the generator, part of the fingerprint; incremented whenever an image changes.</summary>
    public const int Version = 1;

    public const long Seed = 0x4C4F_5054_574F_524C;
    public const int Classes = 1_000;
    public const int Prototypes = 3;
    public const int NuisanceFields = 24;

    private readonly float[] _nuisance;
    private readonly int _planeLength;
    private readonly int _channels;

    public ProceduralWorld(ImageShape shape)
    {
        var painter = new FieldPainter(shape.Size);
        _channels = shape.Channels;
        _planeLength = painter.PlaneLength;
        _nuisance = new float[NuisanceFields * _channels * _planeLength];
        Span<Wave> waves = stackalloc Wave[Wave.PerField];
        for (int field = 0; field < NuisanceFields; field++)
        {
            for (int channel = 0; channel < _channels; channel++)
            {
                var random = new RandomStream(Seed, RandomPurpose.ProceduralClass, Classes + field, channel);
                foreach (ref var wave in waves) wave = Wave.Draw(ref random);
                var plane = _nuisance.AsSpan(((field * _channels) + channel) * _planeLength, _planeLength);
                painter.Add(waves, Wave.UnitAmplitude, Warp.None, plane);
            }
        }
    }

    /// <summary>Field that images of all classes may contain: unit variance on average, in the painter's plane layout.</summary>
    public ReadOnlySpan<float> Nuisance(int field, int channel) =>
        _nuisance.AsSpan(((field * _channels) + channel) * _planeLength, _planeLength);

    /// <summary>
    /// Waves of a class: per channel the base field, then each prototype's own, <see cref="Wave.PerField"/> each. A prototype is a weighted
    /// sum of the two.
    /// </summary>
    public Wave[] ClassWaves(int classIndex)
    {
        int perChannel = (1 + Prototypes) * Wave.PerField;
        var waves = new Wave[_channels * perChannel];
        for (int channel = 0; channel < _channels; channel++)
        {
            var random = new RandomStream(Seed, RandomPurpose.ProceduralClass, classIndex, channel);
            foreach (ref var wave in waves.AsSpan(channel * perChannel, perChannel)) wave = Wave.Draw(ref random);
        }

        return waves;
    }
}
