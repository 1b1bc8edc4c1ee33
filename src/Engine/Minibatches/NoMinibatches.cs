namespace LoptCluster.Engine.Minibatches;

/// <summary>The empty minibatches of problems without data.</summary>
public sealed class NoMinibatches : IMinibatches
{
    public static readonly NoMinibatches Instance = new();

    private NoMinibatches()
    {
    }

    public Minibatch Inner(long t) => default;

    public Minibatch Outer(long t, int draw) => default;
}
