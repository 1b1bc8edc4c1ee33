namespace LoptCluster.Engine.Minibatches;

/// <summary>The minibatches of one task, by inner-step: asked twice for the same one, it gives the same one.</summary>
/// <remarks>One slot's; not thread-safe. A minibatch is valid until the next call of either method.</remarks>
public interface IMinibatches
{
    /// <summary>The minibatch that inner-step <paramref name="t"/> trains on, from the task's training split.</summary>
    Minibatch Inner(long t);

    /// <summary>
    /// Minibatch number <paramref name="draw"/> that the outer-loss of inner-step <paramref name="t"/> is measured on, from the validation split.
    /// </summary>
    Minibatch Outer(long t, int draw);
}
