using LoptCluster.Engine.Numerics.Elementwise;

namespace LoptCluster.Engine.Optimizers;

/// <summary>
/// How θ holds a hyper-parameter x, so that equal steps of θ are equally large changes of the optimizer, and each θ is a valid x.
/// </summary>
public sealed class HyperParameterTransform
{
    private readonly Func<double, double> _toTheta;
    private readonly Func<double, double> _fromTheta;
    private readonly Func<double, double> _slope;

    private HyperParameterTransform(
        string formula, Func<double, double> toTheta, Func<double, double> fromTheta, Func<double, double> slope) =>
        (Formula, _toTheta, _fromTheta, _slope) = (formula, toTheta, fromTheta, slope);

    /// <summary>θ = ln x: rates, ε, regularisation, decays. x is positive.</summary>
    public static HyperParameterTransform Log { get; } = new("ln x", Math.Log, DoubleMath.Exp, DoubleMath.Exp);

    /// <summary>θ = ln(1 − x): β and μ, of which the distance from 1 matters. x is below 1.</summary>
    public static HyperParameterTransform LogOneMinus { get; } = new(
        "ln(1 - x)", x => Math.Log(1 - x), theta => 1 - DoubleMath.Exp(theta), theta => -DoubleMath.Exp(theta));

    /// <summary>θ = x: values that may be 0 (weight decay, share of warm-up). The optimizer limits θ outside their range.</summary>
    public static HyperParameterTransform Identity { get; } = new("x", x => x, theta => theta, _ => 1);

    /// <summary>θ as a formula of x.</summary>
    public string Formula { get; }

    public double ToTheta(double value) => _toTheta(value);

    /// <summary>The inverse; the same bits on every machine.</summary>
    public double FromTheta(double theta) => _fromTheta(theta);

    /// <summary>dx/dθ: a gradient with respect to θ, divided by it, is that with respect to x.</summary>
    public double Slope(double theta) => _slope(theta);

    public override string ToString() => Formula;
}
