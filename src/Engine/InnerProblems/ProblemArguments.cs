using LoptCluster.Engine.Minibatches;

namespace LoptCluster.Engine.InnerProblems;

/// <summary>Argument checks that make pointers into a caller's spans safe: once per call, before any kernel runs.</summary>
internal static class ProblemArguments
{
    /// <exception cref="ArgumentException">w is too short, or the minibatch is empty, too large or not of the problem's input
    /// length.</exception>
    public static void Check(IInnerProblem problem, int parametersLength, Minibatch batch)
    {
        CheckVector(problem, parametersLength, "w");
        if (batch.Size < 1 || batch.Size > problem.MaxMinibatch)
            throw new ArgumentException($"The minibatch has '{batch.Size}' examples. Pass 1 to {problem.MaxMinibatch}.", nameof(batch));
        if (batch.Inputs.Length < (long)batch.Size * problem.InputLength)
        {
            throw new ArgumentException(
                $"The minibatch has '{batch.Inputs.Length}' floats. Pass {batch.Size} examples of {problem.InputLength}.", nameof(batch));
        }
    }

    /// <exception cref="ArgumentException">The vector is shorter than the padded layout.</exception>
    public static void CheckVector(IInnerProblem problem, int length, string name)
    {
        if (length < problem.Layout.PaddedLength)
            throw new ArgumentException(
                $"{name} has '{length}' floats. Pass at least the padded layout's {problem.Layout.PaddedLength}.", name);
    }

    /// <exception cref="ArgumentException">The span of intermediate values is neither empty nor long enough.</exception>
    public static void CheckIntermediates(IInnerProblem problem, int length, Minibatch batch)
    {
        int needed = problem.IntermediatesLength(batch.Size);
        if (length != 0 && length < needed)
            throw new ArgumentException(
                $"The span has '{length}' floats. Pass {needed} for {batch.Size} examples, or none.", nameof(length));
    }
}
