using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LoptCluster.Engine.Datasets.Procedural;

/// <summary>Adds waves to a plane of Size rows of <see cref="Stride"/> floats; values past Size in a row are never used.</summary>
/// <remarks>Holds scratch memory: not thread-safe. A wave is separable: cos(a + b) = cos a cos b − sin a sin b.</remarks>
internal sealed class FieldPainter
{
    private readonly float[] _coordinates;
    private readonly float[] _cosX;
    private readonly float[] _sinX;
    private readonly float[] _cosY;
    private readonly float[] _sinY;

    public FieldPainter(int size)
    {
        Size = size;
        Stride = (size + 15) / 16 * 16;
        _coordinates = new float[Stride];
        for (int i = 0; i < Stride; i++) _coordinates[i] = ((i + 0.5f) / size) - 0.5f;
        _cosX = new float[Stride];
        _sinX = new float[Stride];
        _cosY = new float[Stride];
        _sinY = new float[Stride];
    }

    public int Size { get; }

    /// <summary>Floats from one row to the next: whole 512-bit vectors.</summary>
    public int Stride { get; }

    /// <summary>Number of floats in a plane.</summary>
    public int PlaneLength => Size * Stride;

    /// <summary><paramref name="plane"/> += amplitude × Σ waves, seen through the warp.</summary>
    public void Add(ReadOnlySpan<Wave> waves, float amplitude, in Warp warp, Span<float> plane)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plane.Length, PlaneLength);
        foreach (var wave in waves)
        {
            var seen = warp.Apply(wave);
            Tabulate(seen.X, 0, 1, _cosX, _sinX);
            Tabulate(seen.Y, seen.Phase, amplitude, _cosY, _sinY);
            AddOuterProducts(plane);
        }
    }

    /// <summary>amplitude × cos, sin of 2π(cycles × coordinate + phase) for every coordinate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Tabulate(float cycles, float phase, float amplitude, float[] cos, float[] sin)
    {
        for (int i = 0; i < Stride; i += Vector512<float>.Count)
        {
            var u = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_coordinates), (nuint)i);
            var (s, c) = Turns.SinCos((u * cycles) + Vector512.Create(phase));
            (c * amplitude).StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(cos), (nuint)i);
            (s * amplitude).StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(sin), (nuint)i);
        }
    }

    /// <summary>
    /// plane[y, x] += cosY[y] cosX[x] − sinY[y] sinX[x]. Not fused, so that machines without FMA are as fast and get the same bits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void AddOuterProducts(Span<float> plane)
    {
        ref float to = ref MemoryMarshal.GetReference(plane);
        for (int x = 0; x < Stride; x += Vector512<float>.Count)
        {
            var cosX = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_cosX), (nuint)x);
            var sinX = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_sinX), (nuint)x);
            for (int y = 0; y < Size; y++)
            {
                nuint at = (nuint)((y * Stride) + x);
                var wave = (cosX * _cosY[y]) - (sinX * _sinY[y]);
                (Vector512.LoadUnsafe(ref to, at) + wave).StoreUnsafe(ref to, at);
            }
        }
    }
}
