namespace LoptCluster.Shared.Specification;

/// <summary>Point within an inner-step at which the outer-loss is measured.</summary>
public enum LossConvention
{
    /// <summary>At w(t), before the update, as in the text of the paper.</summary>
    BeforeUpdate,

    /// <summary>At w(t+1), after the update, as in the released code.</summary>
    AfterUpdate,
}
