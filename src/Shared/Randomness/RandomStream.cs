using System.Runtime.Intrinsics;

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
    internal const uint Factor0 = 0xD2511F53, Factor1 = 0xCD9E8D57, KeyStep0 = 0x9E3779B9, KeyStep1 = 0xBB67AE85;

    private readonly PhiloxCounter _counter;
    private uint _position;
    private int _left;
    private Vector128<uint> _block;

    public RandomStream(long seed, RandomPurpose purpose, long first = 0, long second = 0) => _counter = new PhiloxCounter(
        (uint)seed, (uint)(seed >> 32), (uint)second, (uint)first, ((uint)purpose << 8) | (uint)((first >> 32) & 0xFF));

    public uint NextUInt32()
    {
        if (_left == 0)
        {
            _block = Philox(_position++, _counter);
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
        // A normal number takes one block, unless the stream stands within one.
        int batch = _left == 0 ? destination.Length - (destination.Length % NormalBatch.Multiple) : 0;
        NormalBatch.Fill(_counter, _position, destination[..batch], std);
        _position += (uint)batch;
        foreach (ref float x in destination[batch..]) x = (float)(NextNormal() * std);
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

    /// <summary>Block of four words: ten rounds of Philox 4×32.</summary>
    internal static Vector128<uint> Philox(uint c0, in PhiloxCounter counter)
    {
        var (k0, k1, c1, c2, c3) = counter;
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = (ulong)Factor0 * c0, p1 = (ulong)Factor1 * c2;
            c0 = (uint)(p1 >> 32) ^ c1 ^ k0;
            c1 = (uint)p1;
            c2 = (uint)(p0 >> 32) ^ c3 ^ k1;
            c3 = (uint)p0;
            k0 += KeyStep0;
            k1 += KeyStep1;
        }

        return Vector128.Create(c0, c1, c2, c3);
    }
}
