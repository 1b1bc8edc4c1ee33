using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LoptCluster.Shared.Randomness;

/// <summary>Many standard normal numbers at once, with the bits of <see cref="RandomStream.NextNormal"/> drawn one after another.</summary>
/// <remarks>
/// Each number takes a block of its own. A step is done for all numbers before the next step begins, so that a processor has several of the
/// same kind under way; that is also why two vectors of blocks go through the rounds side by side. A step is a method of its own that is
/// not inlined: in one large method the compiler leaves operators of vectors as calls.
/// </remarks>
internal static class NormalBatch
{
    /// <summary>Two vectors of blocks, and one vector of results.</summary>
    public const int Multiple = 8;

    /// <summary>As many as there are bits in the mask of <see cref="MendSmall"/>.</summary>
    private const int Most = 64;

    private const int Lanes = 4, Rounds = 10;

    /// <param name="stream">Key and counter of the stream: its words 1 to 3.</param>
    /// <param name="position">Position of the first block.</param>
    /// <param name="destination">Receives the numbers, times <paramref name="std"/>; a multiple of <see cref="Multiple"/>.</param>
    /// <param name="std">Standard deviation.</param>
    public static void Fill(in PhiloxCounter stream, uint position, Span<float> destination, double std)
    {
        Span<Vector256<double>> radii = stackalloc Vector256<double>[Most / Lanes];
        Span<Vector256<double>> angles = stackalloc Vector256<double>[Most / Lanes], cosines = stackalloc Vector256<double>[Most / Lanes];
        Span<Vector256<ulong>> keys = stackalloc Vector256<ulong>[2 * Rounds];
        FillKeys(stream, keys);
        while (destination.Length > 0)
        {
            int count = Math.Min(destination.Length, Most), vectors = count / Lanes;
            Span<Vector256<double>> r = radii[..vectors], a = angles[..vectors], c = cosines[..vectors];
            FillUniforms(stream, keys, position, r, a);
            ToRadii(r);
            FillCosines(a, c);
            MendSmall(a, MemoryMarshal.Cast<Vector256<double>, double>(a), MemoryMarshal.Cast<Vector256<double>, double>(c));
            for (int i = 0; i < r.Length; i += 2)
                Vector256.Narrow(r[i] * c[i] * std, r[i + 1] * c[i + 1] * std).CopyTo(destination[(i * Lanes)..]);
            destination = destination[count..];
            position += (uint)count;
        }
    }

    /// <summary>Keys of the rounds, in every lane.</summary>
    private static void FillKeys(in PhiloxCounter stream, Span<Vector256<ulong>> keys)
    {
        var (k0, k1) = (stream.Key0, stream.Key1);
        for (int i = 0; i < keys.Length; i += 2)
        {
            (keys[i], keys[i + 1]) = (Vector256.Create<ulong>(k0), Vector256.Create<ulong>(k1));
            k0 += RandomStream.KeyStep0;
            k1 += RandomStream.KeyStep1;
        }
    }

    /// <summary>Of each block a number in (0, 1], and an angle in [0, 2π). Each word of a block is in the low half of a lane.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FillUniforms(
        in PhiloxCounter stream, ReadOnlySpan<Vector256<ulong>> keys, uint position, Span<Vector256<double>> us,
        Span<Vector256<double>> angles)
    {
        var word = Vector256.Create<ulong>(uint.MaxValue);
        for (int i = 0; i < us.Length; i += 2)
        {
            var a0 = (Vector256.Create<ulong>(position) + Vector256.Create<ulong>([0, 1, 2, 3])) & word;
            var b0 = (Vector256.Create<ulong>(position) + Vector256.Create<ulong>([4, 5, 6, 7])) & word;
            Vector256<ulong> a1 = Vector256.Create<ulong>(stream.Word1), a2 = Vector256.Create<ulong>(stream.Word2);
            Vector256<ulong> a3 = Vector256.Create<ulong>(stream.Word3), b1 = a1, b2 = a2, b3 = a3;
            // The high halves of lanes hold what is left of products; nothing reads them before the last round is over.
            for (int round = 0; round < keys.Length; round += 2)
            {
                Vector256<ulong> p0 = Product(RandomStream.Factor0, a0), p1 = Product(RandomStream.Factor1, a2);
                Vector256<ulong> q0 = Product(RandomStream.Factor0, b0), q1 = Product(RandomStream.Factor1, b2);
                (a0, a1) = ((p1 >>> 32) ^ (a1 ^ keys[round]), p1);
                (b0, b1) = ((q1 >>> 32) ^ (b1 ^ keys[round]), q1);
                (a2, a3) = ((p0 >>> 32) ^ (a3 ^ keys[round + 1]), p0);
                (b2, b3) = ((q0 >>> 32) ^ (b3 ^ keys[round + 1]), q0);
            }

            (us[i], angles[i]) = (Vector256<double>.One - Uniform(a0 & word, a1 & word), 2.0 * Math.PI * Uniform(a2 & word, a3 & word));
            (us[i + 1], angles[i + 1]) =
                (Vector256<double>.One - Uniform(b0 & word, b1 & word), 2.0 * Math.PI * Uniform(b2 & word, b3 & word));
            position += Multiple;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ToRadii(Span<Vector256<double>> us)
    {
        for (int i = 0; i < us.Length; i++) us[i] = Vector256.Sqrt(-2.0 * Vector256.Log(us[i]));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FillCosines(ReadOnlySpan<Vector256<double>> angles, Span<Vector256<double>> cosines)
    {
        for (int i = 0; i < cosines.Length; i++) cosines[i] = Vector256.Cos(angles[i]);
    }

    /// <summary><see cref="RandomStream.NextDouble"/> of four pairs of words.</summary>
    private static Vector256<double> Uniform(Vector256<ulong> high, Vector256<ulong> low) =>
        Vector256.ConvertToDouble(((high >>> 5 << 26) | (low >>> 6)).AsInt64()) * (1.0 / (1L << 53));

    /// <summary>Products of the low halves. Other processors have no such instruction for lanes of 64 bits.</summary>
    private static Vector256<ulong> Product(uint factor, Vector256<ulong> words) => Avx2.IsSupported
        ? Avx2.Multiply(words.AsUInt32(), Vector256.Create(factor))
        : (words & Vector256.Create<ulong>(uint.MaxValue)) * factor;

    /// <summary>
    /// Cosines of small angles anew: up to π/4 the cosine of one number takes another polynomial than that of four which are not all so
    /// small.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MendSmall(ReadOnlySpan<Vector256<double>> vectors, ReadOnlySpan<double> angles, Span<double> cosines)
    {
        ulong small = 0;
        for (int i = vectors.Length - 1; i >= 0; i--)
        {
            var isSmall = Vector256.LessThanOrEqual(vectors[i], Vector256.Create(Math.PI / 4));
            small = (small << Lanes) | isSmall.ExtractMostSignificantBits();
        }

        Span<double> few = stackalloc double[Most + Lanes];
        int count = 0;
        for (ulong left = small; left != 0; left &= left - 1) few[count++] = angles[BitOperations.TrailingZeroCount(left)];
        for (int i = 0; i < count; i += Lanes) Vector256.Cos(Vector256.Create<double>(few[i..])).CopyTo(few[i..]);
        count = 0;
        for (ulong left = small; left != 0; left &= left - 1) cosines[BitOperations.TrailingZeroCount(left)] = few[count++];
    }
}
