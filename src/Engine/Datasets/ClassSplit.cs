namespace LoptCluster.Engine.Datasets;

/// <summary>The half of the classes that tasks are drawn from (§4.2).</summary>
public enum ClassSplit
{
    OuterTrain,
    OuterTest,
}
