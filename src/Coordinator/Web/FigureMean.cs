using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Coordinator.Web;

/// <summary>A figure over the updates that a point of a plot covers.</summary>
/// <param name="Count">Updates that have the figure.</param>
/// <param name="Sum">Of its values; of their logarithms for a <see cref="FigureKind.Magnitude"/>.</param>
/// <param name="Low">Least value.</param>
/// <param name="High">Greatest value.</param>
internal readonly record struct FigureMean(int Count, double Sum, double Low, double High)
{
    public static FigureMean Of(FigureKind kind, double value) =>
        new(1, kind == FigureKind.Magnitude ? Logarithm(value) : value, value, value);

    /// <summary>This one and that of the updates right after.</summary>
    public FigureMean With(FigureMean next) => new(Count + next.Count, Sum + next.Sum, Math.Min(Low, next.Low), Math.Max(High, next.High));

    /// <summary>The value at the point; NaN if a value that it covers is not finite.</summary>
    public double At(FigureKind kind) => kind switch
    {
        FigureKind.Count => Sum,
        FigureKind.Magnitude => Math.Exp(Sum / Count),
        _ => Sum / Count,
    };

    /// <summary>NaN for a variance beyond all bounds, that of an estimator without two finite samples: it is none.</summary>
    private static double Logarithm(double value) => double.IsFinite(value) ? Math.Log(Math.Max(value, double.Epsilon)) : double.NaN;
}
