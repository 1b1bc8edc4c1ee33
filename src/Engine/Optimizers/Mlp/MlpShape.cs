using System.Collections.Immutable;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>The inputs of one variant of the MLP optimizer, row by row of W1, and where its parts lie in θ.</summary>
/// <remarks>
/// θ is W1 [inputs, 32] input-major, b1 [32], W2 [32, 2], b2 [2]. Every input is a multiple of one of seven base vectors (g, five momenta,
/// w), a constant, or a feature of time. So both variants come down to the same kernel: seven effective weights and a bias a hidden unit.
/// </remarks>
internal sealed class MlpShape
{
    public const int Hidden = 32;
    public const int Outputs = 2;
    public const int Momenta = 5;

    /// <summary>g, the momenta, w.</summary>
    public const int BaseVectors = Momenta + 2;
    public const int WeightVector = Momenta + 1;

    /// <summary>Added to a mean square before its root is taken (App. D.1: second-moment normalisation).</summary>
    public const float NormalizerEpsilon = 1e-5f;

    /// <summary>β of each momentum.</summary>
    public static readonly ImmutableArray<double> Decays = [0.5, 0.9, 0.99, 0.999, 0.9999];

    /// <summary>η of each time input tanh(t/η − 1).</summary>
    public static readonly ImmutableArray<double> Timescales = [3, 10, 30, 100, 300, 1e3, 3e3, 1e4, 3e5];

    /// <summary>rsqrt(1e-6): the released code divides by the root of second moments that it never updates.</summary>
    private const float ReleasedScale = 1000f;

    private MlpShape(
        ImmutableArray<(int Row, int Vector, float Scale)> vectorRows,
        ImmutableArray<(int Row, float Value)> constantRows,
        int firstStepRow)
    {
        VectorRows = vectorRows;
        ConstantRows = constantRows;
        FirstStepRow = firstStepRow;
    }

    /// <summary>16 inputs, 610 numbers: the text of the paper.</summary>
    public static MlpShape Paper { get; } = new(
        [(0, 0, 1f), (1, 1, 1f), (2, 2, 1f), (3, 3, 1f), (4, 4, 1f), (5, 5, 1f), (6, WeightVector, 1f)], [], 7);

    /// <summary>
    /// 31 inputs, 1,090 numbers: the released code. g, 5 × m · rsqrt(1e-6), w, 5 × m, 5 zeros, 5 × rsqrt(1e-6), time; all but time
    /// normalised.
    /// </summary>
    public static MlpShape Released { get; } = new(
        [
            (0, 0, 1f),
            .. Enumerable.Range(1, Momenta).Select(i => (i, i, ReleasedScale)),
            (6, WeightVector, 1f),
            .. Enumerable.Range(1, Momenta).Select(i => (6 + i, i, 1f)),
        ],
        [.. Enumerable.Range(17, Momenta).Select(
            i => (i, ReleasedScale / MathF.Sqrt(NormalizerEpsilon + (ReleasedScale * ReleasedScale))))],
        22);

    /// <summary>
    /// 20 inputs, 738 numbers: those of the paper and four of the task, which say how long training lasts and how many images there are.
    /// </summary>
    public static MlpShape Task { get; } = new(Paper.VectorRows, [], 7) { TaskInputs = TaskFeatures.Count };

    /// <summary>
    /// 28 inputs, 994 numbers: those of <see cref="Task"/> and eight of the tensor, its size and the logarithms of its RMS.
    /// </summary>
    public static MlpShape Tensor { get; } = new(Paper.VectorRows, [], 7)
    {
        TaskInputs = TaskFeatures.Count,
        TensorInputs = TensorFeatures.Count,
    };

    /// <summary>Rows of W1 whose input is Scale × a base vector, normalised.</summary>
    public ImmutableArray<(int Row, int Vector, float Scale)> VectorRows { get; }

    /// <summary>Rows whose input is the same number always. Rows in no list have input zero.</summary>
    public ImmutableArray<(int Row, float Value)> ConstantRows { get; }

    /// <summary>First of the rows whose input changes from step to step: those of time, then those of the task.</summary>
    public int FirstStepRow { get; }

    /// <summary>Number of inputs that are the same for all parameters of a step.</summary>
    public int StepInputs => Timescales.Length + TaskInputs;

    /// <summary>First of the rows whose input is the same for all parameters of a tensor.</summary>
    public int FirstTensorRow => FirstStepRow + StepInputs;

    /// <summary>Number of inputs of the task: 0 or <see cref="TaskFeatures.Count"/>.</summary>
    public int TaskInputs { get; private init; }

    /// <summary>Number of inputs of a tensor: 0 or <see cref="TensorFeatures.Count"/>.</summary>
    public int TensorInputs { get; private init; }

    public int Inputs => FirstTensorRow + TensorInputs;

    public int Bias1 => Inputs * Hidden;

    public int Weights2 => Bias1 + Hidden;

    public int Bias2 => Weights2 + (Outputs * Hidden);

    public int ThetaLength => Bias2 + Outputs;

    /// <summary>
    /// The shape with the inputs that a run has: where momenta are none, their rows have input zero. θ and state stay what they are.
    /// </summary>
    public MlpShape With(UpdateSettings settings) => settings.MomentumInputs
        ? this
        : new MlpShape([.. VectorRows.Where(row => row.Vector is 0 or WeightVector)], ConstantRows, FirstStepRow)
        {
            TaskInputs = TaskInputs,
            TensorInputs = TensorInputs,
        };

    public static MlpShape Of(OptimizerKind kind) => kind switch
    {
        OptimizerKind.Mlp16 => Paper,
        OptimizerKind.Mlp31 => Released,
        OptimizerKind.Mlp20 => Task,
        OptimizerKind.Mlp28 => Tensor,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not an MLP"),
    };
}
