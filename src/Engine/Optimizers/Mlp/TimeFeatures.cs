using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>The nine time inputs of App. D.1: tanh(t/η − 1), t the time before the update.</summary>
internal static class TimeFeatures
{
    private static readonly Vector512<double> First = Vector512.Create(MlpShape.Timescales.AsSpan()[..8]);
    private static readonly Vector512<double> Last = Vector512.Create(MlpShape.Timescales[8]);

    /// <summary>Fills the nine numbers of step t, from 0; with zeros where time is no input.</summary>
    public static void Fill(UpdateSettings settings, long t, Span<float> features)
    {
        if (settings.TimeInputs == TimeInputs.None) features[..MlpShape.Timescales.Length].Clear();
        else Fill(settings.TimeAt(t), features);
    }

    /// <summary>Fills nine numbers. In double, with functions of fixed bits, so that every machine finds the same floats.</summary>
    public static void Fill(double t, Span<float> features)
    {
        var time = Vector512.Create(t);
        var first = DoubleMath.Tanh((time / First) - Vector512<double>.One);
        for (int i = 0; i < Vector512<double>.Count; i++) features[i] = (float)first[i];
        features[8] = (float)DoubleMath.Tanh((time / Last) - Vector512<double>.One).ToScalar();
    }
}
