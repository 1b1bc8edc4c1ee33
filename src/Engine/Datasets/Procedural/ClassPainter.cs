using System.Runtime.CompilerServices;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Datasets.Procedural;

/// <summary>Generator of the images of one class.</summary>
/// <remarks>
/// An image is one of the prototypes, shifted, rotated and scaled, × contrast + brightness + four nuisance fields + pixel noise, divided by
/// the standard deviation that this sum has over the world, in steps of 1/<see cref="Steps"/>, byte 128 ↔ 0. Holds scratch memory: not
/// thread-safe.
/// </remarks>
internal sealed class ClassPainter
{
    /// <summary>Bytes per standard deviation: a byte spans ±4 of them.</summary>
    public const int Steps = 32;

    // Chosen so that tuned Adam needs hundreds of steps on nets of a few thousand parameters, and validation loss stays well above
    // training loss.
    private const float BaseShare = 0.54f;
    private const float OwnShare = 0.72f;
    private const float MinContrast = 0.6f;
    private const float ContrastRange = 0.8f;
    private const float BrightnessStd = 0.3f;
    private const int NuisancePerImage = 4;
    private const int FieldLength = Wave.PerField;
    private const int ChannelLength = (1 + ProceduralWorld.Prototypes) * FieldLength;

    private readonly ProceduralParameters _parameters;
    private readonly ProceduralWorld _world;
    private readonly int _classIndex;
    private readonly Wave[] _waves;
    private readonly FieldPainter _painter;
    private readonly float[] _plane;
    private readonly float[] _noise;
    private readonly float _stepsPerUnit;

    public ClassPainter(ProceduralParameters parameters, ProceduralWorld world, int classIndex)
    {
        _parameters = parameters;
        _world = world;
        _classIndex = classIndex;
        _waves = world.ClassWaves(classIndex);
        _painter = new FieldPainter(parameters.Shape.Size);
        _plane = new float[_painter.PlaneLength];
        _noise = new float[parameters.Shape.Length];
        _stepsPerUnit = (float)(Steps / Math.Sqrt(Variance(parameters)));
    }

    /// <summary>Variance of a pixel before standardisation: its parts are independent, each with mean 0.</summary>
    private static double Variance(ProceduralParameters p) =>
        (((BaseShare * BaseShare) + (OwnShare * OwnShare)) * (1 + (ContrastRange * ContrastRange / 12.0))) + (BrightnessStd * BrightnessStd)
        + (NuisancePerImage * (double)p.Nuisance * p.Nuisance) + ((double)p.Noise * p.Noise);

    /// <summary>Paints image number <paramref name="image"/>: Shape.Length bytes, [y, x, channel].</summary>
    public void Paint(int image, Span<byte> destination)
    {
        int channels = _parameters.Shape.Channels;
        var random = new RandomStream(ProceduralWorld.Seed, RandomPurpose.ProceduralImage, _classIndex, image);
        int prototype = random.NextInt32(ProceduralWorld.Prototypes);
        var warp = DrawWarp(ref random);
        float contrast = MinContrast + (ContrastRange * random.NextSingle());
        float brightness = BrightnessStd * BellCurve.Next(ref random);
        Span<int> nuisance = stackalloc int[NuisancePerImage];
        Span<float> strength = stackalloc float[NuisancePerImage];
        DrawNuisance(ref random, nuisance, strength);
        BellCurve.Fill(ref random, _noise, _parameters.Noise);

        for (int channel = 0; channel < channels; channel++)
        {
            var waves = _waves.AsSpan(channel * ChannelLength, ChannelLength);
            float amplitude = contrast * Wave.UnitAmplitude;
            _plane.AsSpan().Fill(brightness);
            _painter.Add(waves[..FieldLength], BaseShare * amplitude, warp, _plane);
            _painter.Add(waves.Slice((1 + prototype) * FieldLength, FieldLength), OwnShare * amplitude, warp, _plane);
            for (int i = 0; i < NuisancePerImage; i++) AddScaled(_world.Nuisance(nuisance[i], channel), strength[i], _plane);
            Quantise(channel, destination);
        }
    }

    private Warp DrawWarp(ref RandomStream random)
    {
        float shiftX = ((2 * random.NextSingle()) - 1) * _parameters.Shift / _parameters.Shape.Size;
        float shiftY = ((2 * random.NextSingle()) - 1) * _parameters.Shift / _parameters.Shape.Size;
        var (sin, cos) = Turns.SinCos(BellCurve.Next(ref random) * _parameters.Warp * (float)(0.5 / Math.PI));
        float scale = 1 + (BellCurve.Next(ref random) * _parameters.Warp * 0.5f);
        return new(scale * cos, scale * sin, shiftX, shiftY);
    }

    /// <summary>Draws four different fields and a strength for each.</summary>
    private void DrawNuisance(ref RandomStream random, Span<int> fields, Span<float> strength)
    {
        int used = 0;
        for (int i = 0; i < fields.Length; i++)
        {
            int field;
            do field = random.NextInt32(ProceduralWorld.NuisanceFields);
            while ((used & (1 << field)) != 0);
            used |= 1 << field;
            fields[i] = field;
            strength[i] = _parameters.Nuisance * BellCurve.Next(ref random);
        }
    }

    private static void AddScaled(ReadOnlySpan<float> field, float factor, Span<float> plane)
    {
        for (int i = 0; i < plane.Length; i++) plane[i] += factor * field[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Quantise(int channel, Span<byte> destination)
    {
        int size = _parameters.Shape.Size, channels = _parameters.Shape.Channels;
        for (int y = 0; y < size; y++)
        {
            var row = _plane.AsSpan(y * _painter.Stride, size);
            int at = (y * size * channels) + channel;
            for (int x = 0; x < row.Length; x++, at += channels)
            {
                float value = ((row[x] + _noise[at]) * _stepsPerUnit) + 128.5f;
                destination[at] = (byte)Math.Clamp((int)value, 0, 255);
            }
        }
    }
}
