using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>Cotangents of the two outputs. n is the length of the block at hand, without padding.</summary>
internal static unsafe class MlpPullbackKernels
{
    private const int Lanes = MlpKernels.Lanes;

    /// <summary>
    /// ō0 = −w̄ s and ō1 = ō0 · o0 · λ_exp, s the step size; zero in the padding, whatever s is there. Their sums, the cotangents of b2,
    /// are added to the two last.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Outputs(
        float* wCotangent, int n, MlpScales scales, MlpOutputs outputs, float* directions, float* magnitudes, ref V directionSum,
        ref V magnitudeSum)
    {
        V sum0 = directionSum, sum1 = magnitudeSum, exponent = Vector512.Create(scales.Exponent);
        for (int i = 0; i < n; i += Lanes)
        {
            Cotangents(wCotangent + i, outputs.Directions + i, outputs.StepSizes + i, n - i, exponent, out V o0, out V o1);
            o0.Store(directions + i);
            o1.Store(magnitudes + i);
            sum0 += o0;
            sum1 += o1;
        }

        directionSum = sum0;
        magnitudeSum = sum1;
    }

    /// <summary>ō0 and ō1 of sixteen parameters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Cotangents(float* wCotangent, float* direction, float* step, int count, V exponent, out V o0, out V o1)
    {
        o0 = MlpKernels.Masked(-(Vector512.Load(wCotangent) * Vector512.Load(step)), count);
        o1 = MlpKernels.Masked(o0 * Vector512.Load(direction) * exponent, count);
    }
}
