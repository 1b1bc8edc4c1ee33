using System.Collections.Immutable;
using System.Globalization;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Pathologies;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>SGD + momentum on the polynomial with two minima (§2.3, App. B), by one of its hyper-parameters.</summary>
/// <param name="HyperParameter">The one that varies, by the name that θ's layout has for it.</param>
/// <param name="Word">The same in words.</param>
/// <param name="Constant">The other one, with its value.</param>
/// <param name="Context">What is constant, for titles and numbers, with a space at the end; "" where nothing is said of it.</param>
/// <param name="Shown">Values whose trajectories are shown.</param>
/// <param name="Range">Least and greatest value of the landscape.</param>
internal sealed record ToySweep(
    string HyperParameter,
    string Word,
    (string Name, double Value) Constant,
    string Context,
    ImmutableArray<double> Shown,
    (double Least, double Greatest) Range)
{
    /// <summary>Inner-steps of the longest inner-training that is shown.</summary>
    public const int MostSteps = 200;

    private const string LearningRate = "learningRate";
    private const string Momentum = "momentum";

    private static readonly IOuterTrainableFamily Family = OptimizerFamilies.Momentum;

    /// <summary>Fig. 2b and c. The paper gives no learning rate.</summary>
    public static ToySweep OfMomentum { get; } =
        new(Momentum, "momentum", (LearningRate, 0.01), "", [0, 0.5, 0.75, 0.85, 0.9, 0.95, 0.98], (0.5, 0.99));

    /// <summary>Fig. 9, top row. The paper does not give the momentum.</summary>
    public static ToySweep OfRateWithMomentum { get; } = OfRate(
        0.9, "with momentum 0.9 ", [0.001, 0.003, 0.006, 0.01, 0.02, 0.04, 0.06], (0.001, 0.06));

    /// <summary>Fig. 9, bottom row.</summary>
    public static ToySweep OfRateWithoutMomentum { get; } = OfRate(
        0, "without momentum ", [0.005, 0.02, 0.04, 0.05, 0.06, 0.08, 0.1], (0.005, 0.1));

    /// <summary>Columns of a data file that tell trajectories apart.</summary>
    public ImmutableArray<string> Columns => Context.Length == 0 ? [HyperParameter] : [Constant.Name, HyperParameter];

    /// <summary>Title of a panel, given what it shows.</summary>
    public string PanelOf(string shown) => Context.Length == 0 ? shown : $"{shown}, {Context.TrimEnd()}";

    /// <summary>Cells of a row in <see cref="Columns"/>.</summary>
    public IEnumerable<object> Cells(double value) => Columns.Select(c => (object)(c == HyperParameter ? value : Constant.Value));

    /// <summary>Name of a value: "momentum 0.9".</summary>
    public string Name(double value) => string.Create(CultureInfo.InvariantCulture, $"{Word} {value}");

    public float[] Theta(double value) => Family.Theta.Point(Constant, (HyperParameter, value));

    /// <summary>Slope by the hyper-parameter itself, given the gradient by θ.</summary>
    public double Slope(double value, double[] gradient) =>
        Family.Theta.ValueGradient(Theta(value), gradient)[Family.Theta.IndexOf(HyperParameter)];

    public static OuterLandscape Landscape() => OuterLandscape.OfTwoMinima(Family);

    private static ToySweep OfRate(double momentum, string context, ImmutableArray<double> shown, (double Least, double Greatest) range) =>
        new(LearningRate, "learning rate", (Momentum, momentum), context, shown, range);
}
