namespace LoptCluster.Engine.Datasets;

/// <summary>Part of a dataset's classes that tasks are drawn from: outer-training or held-out (§4.2).</summary>
public enum ClassSplit
{
    OuterTrain,
    OuterTest,
}
