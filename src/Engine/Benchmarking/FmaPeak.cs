using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>What one core can do at most: fused multiply-adds on registers alone.</summary>
public static class FmaPeak
{
    /// <summary>Chains that do not wait for one another: latency 4 × 2 units and some to spare.</summary>
    private const int Chains = 16;
    private const int Iterations = 100_000;

    /// <summary>Floating-point operations (multiply and add are two) of one <see cref="Run"/>.</summary>
    public const double Flops = 2.0 * Chains * 16 * Iterations;

    /// <summary>GFLOP/s of one run, by the clock.</summary>
    public static double Measure()
    {
        long start = Stopwatch.GetTimestamp();
        Run();
        return Flops / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    /// <summary>The chains; the result is returned so that nothing is left out.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static float Run()
    {
        V a = Vector512.Create(0.999999f), b = Vector512.Create(1e-6f);
        V s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a, s7 = a, s8 = a, s9 = a, s10 = a, s11 = a, s12 = a, s13 = a, s14 = a, s15 = a;
        for (int i = 0; i < Iterations; i++)
        {
            s0 = Vector512.FusedMultiplyAdd(s0, a, b);
            s1 = Vector512.FusedMultiplyAdd(s1, a, b);
            s2 = Vector512.FusedMultiplyAdd(s2, a, b);
            s3 = Vector512.FusedMultiplyAdd(s3, a, b);
            s4 = Vector512.FusedMultiplyAdd(s4, a, b);
            s5 = Vector512.FusedMultiplyAdd(s5, a, b);
            s6 = Vector512.FusedMultiplyAdd(s6, a, b);
            s7 = Vector512.FusedMultiplyAdd(s7, a, b);
            s8 = Vector512.FusedMultiplyAdd(s8, a, b);
            s9 = Vector512.FusedMultiplyAdd(s9, a, b);
            s10 = Vector512.FusedMultiplyAdd(s10, a, b);
            s11 = Vector512.FusedMultiplyAdd(s11, a, b);
            s12 = Vector512.FusedMultiplyAdd(s12, a, b);
            s13 = Vector512.FusedMultiplyAdd(s13, a, b);
            s14 = Vector512.FusedMultiplyAdd(s14, a, b);
            s15 = Vector512.FusedMultiplyAdd(s15, a, b);
        }

        return Vector512.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11 + s12 + s13 + s14 + s15);
    }
}
