using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LoptCluster.Engine.Datasets;

/// <summary>
/// Conversion of bytes to standardised floats: value[i] = byte[i] × Scale[i mod C] + Offset[i mod C], C = 1 or 3 channels.
/// </summary>
/// <remarks>Rounds after the product and after the sum, never fused: just as fast, and the same bits on machines without FMA.</remarks>
internal sealed class PixelStandardizer
{
    // Three vectors cover every phase of 1 or 3 channels: 48 is a multiple of both, and 16 shifts the phase by one.
    private const int Period = 48;
    private readonly float[] _scale = new float[Period];
    private readonly float[] _offset = new float[Period];

    public PixelStandardizer(ReadOnlySpan<float> scale, ReadOnlySpan<float> offset)
    {
        if (scale.Length is not (1 or 3) || offset.Length != scale.Length)
            throw new ArgumentException(
                $"'{scale.Length}' scales and '{offset.Length}' offsets are not supported. Pass 1 or 3 of each, one per channel.",
                nameof(scale));
        for (int i = 0; i < Period; i++)
        {
            _scale[i] = scale[i % scale.Length];
            _offset[i] = offset[i % offset.Length];
        }
    }

    /// <summary>Scalar twin of <see cref="Convert"/>.</summary>
    public void ConvertScalar(ReadOnlySpan<byte> pixels, Span<float> values)
    {
        for (int i = 0; i < pixels.Length; i++) values[i] = (pixels[i] * _scale[i % Period]) + _offset[i % Period];
    }

    /// <summary>
    /// Converts whole images: <paramref name="pixels"/> begins at channel 0, and <paramref name="values"/> is at least as long.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Convert(ReadOnlySpan<byte> pixels, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, pixels.Length);
        int length = pixels.Length;
        if (length < 16)
        {
            ConvertScalar(pixels, values);
            return;
        }

        ref byte from = ref MemoryMarshal.GetReference(pixels);
        ref float to = ref MemoryMarshal.GetReference(values);
        ref float scale = ref MemoryMarshal.GetArrayDataReference(_scale);
        ref float offset = ref MemoryMarshal.GetArrayDataReference(_offset);
        var (s0, o0) = (Vector512.LoadUnsafe(ref scale), Vector512.LoadUnsafe(ref offset));
        var (s1, o1) = (Vector512.LoadUnsafe(ref scale, 16), Vector512.LoadUnsafe(ref offset, 16));
        var (s2, o2) = (Vector512.LoadUnsafe(ref scale, 32), Vector512.LoadUnsafe(ref offset, 32));
        int i = 0;
        for (; i <= length - Period; i += Period)
        {
            One(ref from, ref to, i, s0, o0);
            One(ref from, ref to, i + 16, s1, o1);
            One(ref from, ref to, i + 32, s2, o2);
        }

        if (i == length) return;
        if (i + 16 <= length)
        {
            One(ref from, ref to, i, s0, o0);
            if (i + 32 <= length) One(ref from, ref to, i + 16, s1, o1);
        }

        // The last 16 overlap values that are already converted.
        int last = length - 16;
        if (length % 16 == 0) return;
        nuint phase = (nuint)(last % 3);
        One(ref from, ref to, last, Vector512.LoadUnsafe(ref scale, phase), Vector512.LoadUnsafe(ref offset, phase));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One(ref byte from, ref float to, int i, Vector512<float> scale, Vector512<float> offset)
    {
        var bytes = Vector128.LoadUnsafe(ref from, (nuint)i);
        var numbers = Vector512.ConvertToSingle(Widen(bytes));
        ((numbers * scale) + offset).StoreUnsafe(ref to, (nuint)i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(Vector128<byte> bytes)
    {
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector512Int32(bytes);
        var (low, high) = Vector128.Widen(bytes);
        var (a, b) = Vector256.Widen(Vector256.Create(low, high));
        return Vector512.Create(a, b).AsInt32();
    }
}
