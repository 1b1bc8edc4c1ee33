using LoptCluster.Shared.Run;
using LoptCluster.TorchBenchmarks.EngineSide;
using LoptCluster.TorchBenchmarks.TorchSide;

namespace LoptCluster.TorchBenchmarks.Figures;

/// <summary>How far two sides' samples are apart, from the same w, m, θ, e and minibatches; relative errors.</summary>
/// <param name="Loss">The worse of L⁺ and L⁻.</param>
/// <param name="GradientRp">‖difference‖ / ‖engine's‖; 0 where g_rp was left out.</param>
/// <param name="EndW">Likewise, of w at the end of the positive half.</param>
internal sealed record Agreement(string Name, double Loss, double GradientRp, double EndW)
{
    /// <summary>
    /// Beyond this the two do not compute the same, and no ratio of their times means anything. Rounding gives 10⁻⁶ and less.
    /// </summary>
    public const double Tolerance = 1e-3;

    // A NaN is not within the tolerance.
    public bool IsGood => Loss <= Tolerance && GradientRp <= Tolerance && EndW <= Tolerance;

    public static Agreement Of(string name, EngineSample engine, TorchSample torch)
    {
        GradientSample ours = engine.Run();
        TorchResult theirs = torch.Run();
        double loss = Math.Max(Relative(theirs.PositiveLoss, ours.Losses[0]), Relative(theirs.NegativeLoss, ours.Losses[1]));
        double gradient = ours.Measured(EstimatorId.Rp) is { } rp ? Distance(theirs.GradientRp, rp.Values.Span) : 0;
        return new Agreement(
            name, loss, gradient, Distance(theirs.EndW, torch.InThisOrder(engine.Problem.Layout, engine.End.Particles[0].W)));
    }

    private static double Relative(double value, double reference) => Math.Abs(value - reference) / Math.Abs(reference);

    private static double Distance(ReadOnlySpan<float> values, ReadOnlySpan<float> reference)
    {
        if (values.Length != reference.Length) return double.NaN;
        double squares = 0, norm = 0;
        for (int i = 0; i < values.Length; i++)
        {
            squares += Math.Pow((double)values[i] - reference[i], 2);
            norm += Math.Pow(reference[i], 2);
        }

        return Math.Sqrt(squares / norm);
    }
}
