namespace LoptCluster.Shared.Specification;

/// <summary>Where along a step the outer-loss is measured.</summary>
public enum LossConvention
{
    /// <summary>At w(t), before each update: the text of the paper.</summary>
    BeforeUpdate,

    /// <summary>At w(t+1): the released code.</summary>
    AfterUpdate,
}
