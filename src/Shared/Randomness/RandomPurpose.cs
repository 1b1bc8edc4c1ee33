namespace LoptCluster.Shared.Randomness;

/// <summary>What a random stream is for. Part of its key, so that streams of different purpose never meet. Numbers are for ever.</summary>
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
}
