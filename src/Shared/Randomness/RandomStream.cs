using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LoptCluster.Shared.Randomness;

/// <summary>
/// Counter-based generator (Philox 4×32-10, Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
/// The key is the run's seed, the counter holds purpose, two indices and a position: any draw can be reproduced anywhere.
/// </summary>
/// <remarks>
/// A mutable struct: pass it by reference. Two streams whose (seed, purpose, first, second) differ never share a draw;
/// only the low 32 bits of <c>second</c> and the low 40 of <c>first</c> count.
/// </remarks>
public struct RandomStream
{
    private readonly uint _key0;
    private readonly uint _key1;
    private readonly uint _counter1;
    private readonly uint _counter2;
    private readonly uint _counter3;
    private uint _position;
    private int _left;
    private Vector128<uint> _block;

    public RandomStream(long seed, RandomPurpose purpose, long first = 0, long second = 0)
    {
        _key0 = (uint)seed;
        _key1 = (uint)(seed >> 32);
        _counter1 = (uint)second;
        _counter2 = (uint)first;
        _counter3 = ((uint)purpose << 8) | (uint)((first >> 32) & 0xFF);
    }

    public uint NextUInt32()
    {
        if (_left == 0)
        {
            _block = Philox(_position++, _counter1, _counter2, _counter3, _key0, _key1);
            _left = 4;
        }

        return _block[4 - _left--];
    }

    /// <summary>Uniform number in [0, 1) with 24 random bits.</summary>
    public float NextSingle() => (NextUInt32() >> 8) * (1f / (1 << 24));

    /// <summary>Uniform number in [0, 1) with 53 random bits.</summary>
    public double NextDouble()
    {
        ulong high = NextUInt32() >> 5, low = NextUInt32() >> 6;
        return ((high << 26) | low) * (1.0 / (1L << 53));
    }

    /// <summary>Uniform number in [0, <paramref name="bound"/>). Bias below 2⁻³² × bound (Lemire's multiplication, no rejection).</summary>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)(((ulong)NextUInt32() * (uint)bound) >> 32);
    }

    /// <summary>
    /// Standard normal number, by Box and Muller in double; managed logarithm and cosine make the bits the same on every machine.
    /// </summary>
    public double NextNormal()
    {
        double u = 1.0 - NextDouble();
        return Normal(u, 2.0 * Math.PI * NextDouble());
    }

    /// <summary>Fills a span with draws from N(0, <paramref name="std"/>²).</summary>
    /// <remarks>The bits are those of <see cref="NextNormal"/>, drawn one after another.</remarks>
    public void FillNormal(Span<float> destination, double std = 1)
    {
        int i = 0;
        // A normal number takes one block, unless the stream stands within one.
        for (; _left == 0 && i <= destination.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            var normal = NextNormals() * std;
            for (int lane = 0; lane < Vector256<double>.Count; lane++) destination[i + lane] = (float)normal[lane];
        }

        for (; i < destination.Length; i++) destination[i] = (float)(NextNormal() * std);
    }

    /// <summary>Standard normal number, drawn again until it lies within ±<paramref name="bound"/>.</summary>
    public double NextTruncatedNormal(double bound = 2)
    {
        while (true)
        {
            double x = NextNormal();
            if (Math.Abs(x) <= bound) return x;
        }
    }

    /// <summary>Draws <paramref name="chosen"/>.Length distinct numbers from [0, <paramref name="bound"/>), in random order.</summary>
    public void Choose(int bound, Span<int> chosen)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chosen.Length, bound);
        int[] all = new int[bound];
        for (int i = 0; i < bound; i++) all[i] = i;
        for (int i = 0; i < chosen.Length; i++)
        {
            int j = i + NextInt32(bound - i);
            (all[i], all[j]) = (all[j], all[i]);
            chosen[i] = all[i];
        }
    }

    private static double Normal(double u, double angle)
    {
        double radius = Math.Sqrt(-2.0 * Vector128.Log(Vector128.CreateScalar(u)).ToScalar());
        return radius * Vector128.Cos(Vector128.CreateScalar(angle)).ToScalar();
    }

    /// <summary>Four standard normal numbers, each from a block of its own.</summary>
    private Vector256<double> NextNormals()
    {
        var (high, low, high2, low2) = Philox(_position);
        _position += (uint)Vector256<double>.Count;
        var us = Vector256<double>.One - Uniform(high, low);
        var angles = 2.0 * Math.PI * Uniform(high2, low2);
        // Up to here the cosine of one number takes another polynomial than that of four which are not all so small.
        var small = Vector256.LessThanOrEqual(angles, Vector256.Create(Math.PI / 4));
        var cosines = Vector256.Cos(angles);
        if (small != Vector256<double>.Zero)
            cosines = Vector256.ConditionalSelect(small, Vector256.Cos(small & angles), cosines);
        return Vector256.Sqrt(-2.0 * Vector256.Log(us)) * cosines;
    }

    /// <summary><see cref="NextDouble"/> of four pairs of words.</summary>
    private static Vector256<double> Uniform(Vector256<ulong> high, Vector256<ulong> low) =>
        Vector256.ConvertToDouble(((high >>> 5 << 26) | (low >>> 6)).AsInt64()) * (1.0 / (1L << 53));

    /// <summary>The blocks of four positions at once: each word in the low half of a lane of its own.</summary>
    private readonly (Vector256<ulong> C0, Vector256<ulong> C1, Vector256<ulong> C2, Vector256<ulong> C3) Philox(uint position)
    {
        var word = Vector256.Create<ulong>(uint.MaxValue);
        var c0 = (Vector256.Create<ulong>(position) + Vector256.Create<ulong>([0, 1, 2, 3])) & word;
        Vector256<ulong> c1 = Vector256.Create<ulong>(_counter1), c2 = Vector256.Create<ulong>(_counter2);
        var c3 = Vector256.Create<ulong>(_counter3);
        var (k0, k1) = (_key0, _key1);
        for (int round = 0; round < 10; round++)
        {
            Vector256<ulong> p0 = Product(0xD2511F53, c0), p1 = Product(0xCD9E8D57, c2);
            c0 = (p1 >>> 32) ^ c1 ^ Vector256.Create<ulong>(k0);
            c1 = p1 & word;
            c2 = (p0 >>> 32) ^ c3 ^ Vector256.Create<ulong>(k1);
            c3 = p0 & word;
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>Products of 32 by 32 bits. Other processors have no such instruction for lanes of 64, and none is needed there.</summary>
    private static Vector256<ulong> Product(uint factor, Vector256<ulong> words) =>
        Avx2.IsSupported ? Avx2.Multiply(words.AsUInt32(), Vector256.Create(factor)) : words * factor;

    /// <summary>Block of four words: ten rounds of Philox 4×32.</summary>
    internal static Vector128<uint> Philox(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * c0, p1 = 0xCD9E8D57UL * c2;
            c0 = (uint)(p1 >> 32) ^ c1 ^ k0;
            c1 = (uint)p1;
            c2 = (uint)(p0 >> 32) ^ c3 ^ k1;
            c3 = (uint)p0;
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return Vector128.Create(c0, c1, c2, c3);
    }
}
