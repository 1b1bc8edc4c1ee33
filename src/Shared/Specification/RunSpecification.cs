namespace LoptCluster.Shared.Specification;

/// <summary>
/// Everything that determines what a run computes. The coordinator owns it and sends it to every worker, so all workers of a fleet use
/// the same values. Keys of preset files and of <c>--set</c> are the property names in camelCase.
/// </summary>
/// <remarks>
/// Defaults follow the text of the paper. Parts: this file (run and data), and Problem, Unrolling, Estimation, OuterTraining,
/// Evaluation and Tasks beside it. <c>SpecificationKeys</c> reads the attributes to list, parse, validate, compare and document the keys.
/// </remarks>
public sealed partial record RunSpecification
{
    internal const double DefaultAuditShare = 0.01;

    [SpecificationKey("run", "Name of the preset.")]
    public string Name { get; init; } = "custom";

    [SpecificationKey(
        "run",
        "How samples are collected into outer-updates: the next S to arrive, or one of each lane (reproducible). "
            + "search: none are; each version of θ is drawn from the optimizer's search space and evaluated. "
            + "comparison: that of the runs of 'lopt coordinator --evaluate'.",
        Paper = "§4.3, §4.4")]
    public RunMode Mode { get; init; } = RunMode.Asynchronous;

    [SpecificationKey("run", "Seed of all randomness.", Min = 0)]
    public long Seed { get; init; } = 1;

    [SpecificationKey(
        "run",
        "What the run keeps of every merged sample: what identifies it, with its losses and times; or its measured gradients (g_rp) too, "
            + "in ledger.db, so that 'lopt replay' unrolls nothing again.")]
    public SampleLedger Ledger { get; init; } = SampleLedger.Identities;

    [SpecificationKey(
        "run",
        "Audit: share of the inner-problems whose samples another worker computes again, for comparison bit for bit; 0: none. "
            + "It has no effect on θ.",
        Min = 0, Max = 1)]
    public double AuditShare { get; init; } = DefaultAuditShare;

    [SpecificationKey(
        "data", "Source of the images: the built-in generator, or files in the --data folder.", Paper = "§4.2", PerProblem = true)]
    public DatasetKind Dataset { get; init; } = DatasetKind.Files;

    [SpecificationKey("data", "Sub-folder of the --data folder that holds the files; empty: that folder itself.", PerProblem = true)]
    public string DataFolder { get; init; } = "";

    [SpecificationKey(
        "data", "Side of the square images; 0: as in the files.", Unit = "pixels", Paper = "§4.2", Min = 0, Max = 256, PerProblem = true)]
    public int ImageSize { get; init; } = 32;

    [SpecificationKey("data", "Colour channels, 1 or 3; 0: as in the files.", Paper = "§4.2", Min = 0, Max = 3, PerProblem = true)]
    public int ImageChannels { get; init; } = 3;

    [SpecificationKey("data", "Classes per task; fewer if the split has fewer.", Paper = "§4.2", Min = 2, Max = 1000, PerProblem = true)]
    public int TaskClasses { get; init; } = 10;

    [SpecificationKey(
        "data", "Share of the classes used for outer-training; the others are held out. 0: all are, to evaluate θ on data it never saw.",
        Paper = "§4.2", Min = 0, Max = 0.95)]
    public double OuterTrainShare { get; init; } = 0.7;

    [SpecificationKey(
        "data", "Inner-training images per class; 0: all that are not used for validation.", Unit = "images", Min = 0, PerProblem = true)]
    public int TrainImagesPerClass { get; init; }

    [SpecificationKey("data", "Inner-validation images per class; 0: a fifth of the class.", Unit = "images", Min = 0, PerProblem = true)]
    public int ValidImagesPerClass { get; init; }

    [SpecificationKey(
        "data", "Share of the inner-training images whose label is another, fixed for each image of a problem; 0: none.",
        Min = 0, Max = 1, PerProblem = true)]
    public double LabelNoise { get; init; }

    [SpecificationKey(
        "data", "Noise added to the standardized inputs of each inner-training minibatch anew: its standard deviation; 0: none.",
        Min = 0, Max = 10, PerProblem = true)]
    public double InputNoise { get; init; }

    [SpecificationKey("data", "Procedural images: pixel noise relative to the class signal.", Min = 0, Max = 10, PerProblem = true)]
    public double ProceduralNoise { get; init; } = 0.6;

    [SpecificationKey("data", "Procedural images: strength of the patterns shared by all classes.", Min = 0, Max = 10, PerProblem = true)]
    public double ProceduralNuisance { get; init; } = 0.35;

    [SpecificationKey("data", "Procedural images: maximum shift.", Unit = "pixels", Min = 0, Max = 16, PerProblem = true)]
    public double ProceduralShift { get; init; } = 1;

    [SpecificationKey(
        "data", "Procedural images: standard deviation of the rotation; the scale varies by half as much.",
        Unit = "radians", Min = 0, Max = 3, PerProblem = true)]
    public double ProceduralWarp { get; init; } = 0.15;
}
