using LoptCluster.Engine.Numerics.Elementwise;

namespace LoptCluster.Engine.Optimizers;

/// <summary>
/// How θ holds a hyper-parameter x, so that equal steps of θ are equally large changes of the optimizer, and each θ is a valid x.
/// </summary>
public sealed class HyperParameterTransform
{
    private readonly Func<double, double> _toTheta;
    private readonly Func<double, double> _fromTheta;
    private readonly double _slopeSign;

    private HyperParameterTransform(string formula, Func<double, double> toTheta, Func<double, double> fromTheta, double slopeSign) =>
        (Formula, _toTheta, _fromTheta, _slopeSign) = (formula, toTheta, fromTheta, slopeSign);

    /// <summary>θ = ln x: rates, ε, regularisation, decays. x is positive.</summary>
    public static HyperParameterTransform Log { get; } = new("ln x", Math.Log, DoubleMath.Exp, 1);

    /// <summary>θ = ln(1 − x): β and μ, of which the distance from 1 matters. x is below 1.</summary>
    public static HyperParameterTransform LogOneMinus { get; } = new(
        "ln(1 - x)", x => Math.Log(1 - x), theta => 1 - DoubleMath.Exp(theta), -1);

    /// <summary>θ as a formula of x.</summary>
    public string Formula { get; }

    public double ToTheta(double value) => _toTheta(value);

    /// <summary>The inverse; the same bits on every machine.</summary>
    public double FromTheta(double theta) => _fromTheta(theta);

    /// <summary>dx/dθ: a gradient with respect to θ, divided by it, is that with respect to x.</summary>
    public double Slope(double theta) => _slopeSign * DoubleMath.Exp(theta);

    public override string ToString() => Formula;
}
