namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>Value of a hyper-parameter, limited to a range in which one step keeps finite what is finite.</summary>
/// <param name="Value">The value, or the limit that it is beyond.</param>
/// <param name="Inside">Whether the value is within the range, so that it still depends on θ.</param>
internal readonly record struct Limited(double Value, bool Inside)
{
    /// <summary>Largest value of any hyper-parameter: beyond it a constant of the step may not be finite in float.</summary>
    public const double Largest = 1e30;

    private const double SmallestOneMinusBeta = 1e-12, SmallestEpsilon = 1e-30;

    /// <summary>A rate, decay or weight of regularisation: 0 to <see cref="Largest"/>.</summary>
    public static Limited Scale(double value) => Of(value, 0, Largest);

    /// <summary>ε: positive, so that a step divides by no zero.</summary>
    public static Limited Epsilon(double value) => Of(value, SmallestEpsilon, Largest);

    /// <summary>1 − β or 1 − μ: positive, and at most 1.</summary>
    public static Limited OneMinusBeta(double value) => Of(value, SmallestOneMinusBeta, 1);

    /// <summary>A cotangent that goes on to θ: zero if the value is a limit.</summary>
    public double PullBack(double cotangent) => Inside ? cotangent : 0;

    private static Limited Of(double value, double lowest, double highest) =>
        new(Math.Clamp(value, lowest, highest), value >= lowest && value <= highest);
}
