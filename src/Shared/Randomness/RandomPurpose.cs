namespace LoptCluster.Shared.Randomness;

/// <summary>Purpose of a random stream, as part of its key: streams of different purposes never overlap.</summary>
/// <remarks>Numbers must not change, because every draw depends on them.</remarks>
public enum RandomPurpose : uint
{
    ThetaInitialization = 1,
    TaskClasses = 2,
    TaskImages = 3,
    InnerInitialization = 4,
    InnerMinibatch = 5,
    OuterMinibatch = 6,
    Perturbation = 7,
    TruncationJitter = 8,
    ProceduralClass = 9,
    ProceduralImage = 10,
    ClassSplit = 11,
    QuadraticProblem = 12,
    RpChoice = 13,
    TaskMixture = 20,
    ParameterScale = 21,
    LabelNoise = 22,
    InputNoise = 23,
    HyperParameterSearch = 24,
    ComparisonBootstrap = 25,
    LandscapeDirection = 26,
    Audit = 27,
}
