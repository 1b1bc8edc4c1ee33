using System.Collections.Immutable;

namespace LoptCluster.Shared.Specification;

public sealed partial record RunSpecification
{
    /// <summary>Specification with every key at its default.</summary>
    internal static readonly RunSpecification Default = new();

    [SpecificationKey("inner-problem", "Family of inner-problems.", Paper = "App. D.2", PerProblem = true)]
    public InnerProblemKind InnerProblem { get; init; } = InnerProblemKind.Convnet;

    [SpecificationKey(
        "inner-problem", "Units of each hidden layer of a fully connected network.",
        Paper = "App. F", Min = 1, Max = 4096, PerProblem = true)]
    public ImmutableArray<int> HiddenUnits { get; init; } = [32, 32];

    [SpecificationKey("inner-problem", "Channels of every convolution.", Paper = "App. D.2", Min = 1, Max = 512, PerProblem = true)]
    public int ConvChannels { get; init; } = 32;

    [SpecificationKey("inner-problem", "Stride of each 3×3 convolution.", Paper = "App. D.2", Min = 1, Max = 2, PerProblem = true)]
    public ImmutableArray<int> ConvStrides { get; init; } = [2, 2, 1];

    [SpecificationKey("inner-problem", "Whether batch normalization follows each convolution.", Paper = "App. J", PerProblem = true)]
    public bool BatchNorm { get; init; }

    [SpecificationKey("inner-problem", "Dimensions of a random quadratic.", Min = 1, Max = 4096, PerProblem = true)]
    public int QuadraticDimensions { get; init; } = 16;

    [SpecificationKey(
        "inner-problem", "Name of the torch module in the workers' program, if innerProblem is \"torch\".", PerProblem = true)]
    public string TorchModule { get; init; } = "";

    [SpecificationKey(
        "inner-problem", "Reparameterization: the optimizer sees each tensor of w divided by a factor drawn from 1/x to x; 1: none.",
        Min = 1, Max = 1e3, PerProblem = true)]
    public double ParameterScale { get; init; } = 1;

    [SpecificationKey(
        "inner-problem", "Images per inner minibatch.", Unit = "images", Paper = "App. G", Min = 1, Max = 4096, PerProblem = true)]
    public int MinibatchSize { get; init; } = 128;

    [SpecificationKey("optimizer", "Form of the optimizer u(·; θ).", Paper = "App. D.1")]
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Mlp16;

    [SpecificationKey("optimizer", "Whether momentum is Nesterov's; momentum and momentumRegDecay only.")]
    public bool Nesterov { get; init; }

    [SpecificationKey("optimizer", "λ_lin: scale of the direction of a step; MLPs only.", Paper = "App. D.1", Min = 1e-9, Max = 1e3)]
    public double StepScale { get; init; } = 1e-3;

    [SpecificationKey(
        "optimizer", "How the steps shrink over the horizon T; linear: λ_lin is multiplied by 1 − t/T. MLPs only.")]
    public StepDecay StepDecay { get; init; } = StepDecay.None;

    [SpecificationKey(
        "optimizer",
        "What the time inputs of an MLP count: inner-steps, or the share of the horizon T (as of 1,000 steps); none: they are zero.",
        Paper = "§4.5")]
    public TimeInputs TimeInputs { get; init; } = TimeInputs.Steps;

    [SpecificationKey("optimizer", "Whether an MLP sees momenta, or zeros in their place; MLPs only.", Paper = "§4.5")]
    public bool MomentumInputs { get; init; } = true;

    [SpecificationKey("optimizer", "λ_exp: scale of the log-magnitude of a step; MLPs only.", Paper = "App. D.1", Min = 0, Max = 1e3)]
    public double ExponentScale { get; init; } = 1e-3;
}
