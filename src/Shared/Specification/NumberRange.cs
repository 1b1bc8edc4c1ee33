using System.Runtime.Intrinsics;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Shared.Specification;

/// <summary>
/// Numbers from <paramref name="From"/> to <paramref name="To"/>, both included: uniform, or uniform in the logarithm. With a step only
/// From, From + Step, … are drawn.
/// </summary>
/// <param name="Step">Distance of the numbers; 0: any number.</param>
internal readonly record struct NumberRange(double From, double To, bool IsLogarithmic, double Step)
{
    /// <summary>Greatest number that can be drawn.</summary>
    public double Last => Step == 0 ? To : At(Intervals);

    private long Intervals => (long)Math.Floor((To - From) / Step * (1 + 1e-12));

    /// <summary>
    /// Uniform on a grid: every number is equally likely. Logarithmic on a grid: the draw is rounded to the nearest number.
    /// </summary>
    public double Draw(ref RandomStream random)
    {
        double u = random.NextDouble();
        if (Step > 0 && !IsLogarithmic) return At(Math.Min(Intervals, (long)(u * (Intervals + 1))));
        double x = IsLogarithmic ? From * Exp(u * Log(To / From)) : From + (u * (To - From));
        return Step == 0 ? Math.Clamp(x, From, To) : At(Math.Clamp((long)Math.Round((x - From) / Step), 0, Intervals));
    }

    private double At(long interval) => From + (interval * Step);

    /// <summary>Managed code, so that the bits are the same on every machine.</summary>
    private static double Exp(double x) => Vector128.Exp(Vector128.CreateScalar(x)).ToScalar();

    private static double Log(double x) => Vector128.Log(Vector128.CreateScalar(x)).ToScalar();
}
