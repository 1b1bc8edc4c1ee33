using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Parameters;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>
/// Family of RMSProp with TensorFlow's constants (decay ρ 0.9, ε 1e-10 inside the root, no momentum): a baseline of §4.4.
/// </summary>
/// <remarks>Update: v ← ρ v + (1−ρ) g²; w ← w − rate · g / √(v + ε).</remarks>
internal sealed unsafe class RmsPropFamily() : HandDesignedFamily(
    "rmsProp", "RMSProp", [new("learningRate", 1e-3, HyperParameterTransform.Identity)], [new("v", NonNegative: true)]), IOptimizerFamily
{
    private const float Decay = 0.9f;
    private const float Epsilon = 1e-10f;

    public IInnerOptimizer Create(ParameterLayout layout, UpdateSettings settings) => new Optimizer(this, layout);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Update(float rate, ReadOnlySpan<float> g, Span<float> w, Span<float> v)
    {
        V rho = Vector512.Create(Decay), oneMinusRho = Vector512.Create((float)(1 - (double)Decay)), eps = Vector512.Create(Epsilon);
        V scale = Vector512.Create(rate);
        fixed (float* gs = g, ws = w, vs = v)
        {
            for (int i = 0; i < g.Length; i += ParameterLayout.Padding)
            {
                V x = Vector512.Load(gs + i);
                V second = Vector512.FusedMultiplyAdd(rho, Vector512.Load(vs + i), oneMinusRho * x * x);
                second.Store(vs + i);
                (Vector512.Load(ws + i) - (scale * x / Vector512.Sqrt(second + eps))).Store(ws + i);
            }
        }
    }

    private sealed class Optimizer(RmsPropFamily family, ParameterLayout layout) : HandDesignedOptimizer(family, layout), IInnerOptimizer
    {
        public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
        {
            UpdateLengths.Check(this, Layout, theta, g, w, m);
            RmsPropFamily.Update(theta[0], g, w, m);
        }
    }
}
