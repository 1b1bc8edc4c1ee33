namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>Size of a register block, known when the kernel is compiled.</summary>
internal interface IRegisterBlock
{
    /// <summary>Pixels of a pass, or patch elements of a weight gradient.</summary>
    static abstract int Rows { get; }

    /// <summary>32 channels instead of 16.</summary>
    static abstract bool Wide { get; }
}
