namespace LoptCluster.Shared.Specification;

/// <summary>
/// Everything that decides what a run computes. The coordinator owns it and sends it to every worker, so a fleet cannot
/// disagree with it. Keys of preset files and of <c>--set</c> are the property names in camelCase.
/// </summary>
/// <remarks>
/// Defaults are the paper's text. The parts: this file (the run, the data), and Problem, Unrolling, Estimation,
/// OuterTraining, Evaluation beside it. <c>SpecificationKeys</c> reads the attributes: it lists, parses, validates, compares.
/// </remarks>
public sealed partial record RunSpecification
{
    [SpecificationKey("run", "Name of the preset this came from.")]
    public string Name { get; init; } = "custom";

    [SpecificationKey("run", "How samples meet outer-updates.", Paper = "§4.3")]
    public RunMode Mode { get; init; } = RunMode.Asynchronous;

    [SpecificationKey("run", "Seed of all randomness.", Min = 0)]
    public long Seed { get; init; } = 1;

    [SpecificationKey("data", "Where images come from.", Paper = "§4.2")]
    public DatasetKind Dataset { get; init; } = DatasetKind.Files;

    [SpecificationKey("data", "Side of a square image; 0: as the files have it.", Unit = "pixels", Paper = "§4.2", Min = 0, Max = 256)]
    public int ImageSize { get; init; } = 32;

    [SpecificationKey("data", "Colour channels, 1 or 3; 0: as the files have it.", Paper = "§4.2", Min = 0, Max = 3)]
    public int ImageChannels { get; init; } = 3;

    [SpecificationKey("data", "Classes of one task; fewer where the split has fewer.", Paper = "§4.2", Min = 2, Max = 1000)]
    public int TaskClasses { get; init; } = 10;

    [SpecificationKey("data", "Share of the classes that outer-training may see.", Paper = "§4.2", Min = 0.05, Max = 0.95)]
    public double OuterTrainShare { get; init; } = 0.7;

    [SpecificationKey("data", "Inner-train images a class; 0: all that are not for validation.", Unit = "images", Min = 0)]
    public int TrainImagesPerClass { get; init; }

    [SpecificationKey("data", "Inner-validation images a class; 0: a fifth of the class.", Unit = "images", Min = 0)]
    public int ValidImagesPerClass { get; init; }

    [SpecificationKey("data", "Procedural images: pixel noise, in units of the class signal.", Min = 0, Max = 10)]
    public double ProceduralNoise { get; init; } = 0.6;

    [SpecificationKey("data", "Procedural images: strength of the fields shared by all classes.", Min = 0, Max = 10)]
    public double ProceduralNuisance { get; init; } = 0.35;

    [SpecificationKey("data", "Procedural images: greatest shift.", Unit = "pixels", Min = 0, Max = 16)]
    public double ProceduralShift { get; init; } = 1;

    [SpecificationKey("data", "Procedural images: rotation's standard deviation; scale varies by half of it.", Unit = "radians", Min = 0, Max = 3)]
    public double ProceduralWarp { get; init; } = 0.15;
}
