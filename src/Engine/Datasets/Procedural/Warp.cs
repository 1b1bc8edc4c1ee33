namespace LoptCluster.Engine.Datasets.Procedural;

/// <summary>
/// Similarity transform under which a picture is seen: (u, v) ↦ (A u − B v + ShiftX, B u + A v + ShiftY), in picture widths.
/// </summary>
/// <param name="A">Scale × cosine of the rotation.</param>
/// <param name="B">Scale × sine of the rotation.</param>
internal readonly record struct Warp(float A, float B, float ShiftX, float ShiftY)
{
    public static Warp None { get; } = new(1, 0, 0, 0);

    /// <summary>Wave seen through this warp, which is again a wave.</summary>
    public Wave Apply(Wave wave) => new(
        (wave.X * A) + (wave.Y * B),
        (wave.Y * A) - (wave.X * B),
        wave.Phase + ((wave.X * ShiftX) + (wave.Y * ShiftY)));
}
