namespace LoptCluster.Engine.Minibatches;

/// <summary>Minibatches of one task, by inner-step: the same request always returns the same minibatch.</summary>
/// <remarks>Owned by one slot; not thread-safe. A minibatch is valid until the next call of either method.</remarks>
public interface IMinibatches
{
    /// <summary>Training minibatch of inner-step <paramref name="t"/>, from the task's training split.</summary>
    Minibatch Inner(long t);

    /// <summary>
    /// Minibatch number <paramref name="draw"/> for the outer-loss of inner-step <paramref name="t"/>, from the validation split.
    /// </summary>
    Minibatch Outer(long t, int draw);
}
