namespace LoptCluster.TestKit.InnerProblems;

/// <summary>The cases on which <see cref="InnerProblemContract{TCases}"/> tests an inner-problem.</summary>
public interface IInnerProblemCases
{
    /// <summary>Shapes that differ in what the problem does with them; their names differ.</summary>
    static abstract IReadOnlyList<InnerProblemCase> All { get; }
}
