using LoptCluster.Engine.Minibatches;

namespace LoptCluster.Engine.InnerProblems;

/// <summary>The checks that make pointers into a caller's spans safe: once a call, before any kernel runs.</summary>
internal static class ProblemArguments
{
    /// <exception cref="ArgumentException">w is too short, or the minibatch is empty, too large or not of the problem's input length.</exception>
    public static void Check(IInnerProblem problem, int parametersLength, Minibatch batch)
    {
        CheckVector(problem, parametersLength, "w");
        if (batch.Size < 1 || batch.Size > problem.MaxMinibatch)
            throw new ArgumentException($"A minibatch of {batch.Size} examples: 1 to {problem.MaxMinibatch} were allowed for.", nameof(batch));
        if (batch.Inputs.Length < (long)batch.Size * problem.InputLength)
        {
            throw new ArgumentException(
                $"The minibatch has {batch.Inputs.Length} floats: {batch.Size} examples of {problem.InputLength} are needed.", nameof(batch));
        }
    }

    /// <exception cref="ArgumentException">The vector is shorter than the padded layout.</exception>
    public static void CheckVector(IInnerProblem problem, int length, string name)
    {
        if (length < problem.Layout.PaddedLength)
            throw new ArgumentException($"{name} has {length} floats; the padded layout has {problem.Layout.PaddedLength}.", name);
    }

    /// <exception cref="ArgumentException">The intermediate values are there, but too few.</exception>
    public static void CheckIntermediates(IInnerProblem problem, int length, Minibatch batch)
    {
        int needed = problem.IntermediatesLength(batch.Size);
        if (length != 0 && length < needed)
            throw new ArgumentException($"{length} floats of intermediate values: {needed} are needed for {batch.Size} examples, or none.", nameof(length));
    }
}
