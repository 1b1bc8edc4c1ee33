namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>Size of a register block, known when the kernel is compiled.</summary>
internal interface IRegisterBlock
{
    /// <summary>Number of pixels of a pass, or of patch elements of a weight gradient.</summary>
    static abstract int Rows { get; }

    /// <summary>Whether the block has 32 channels rather than 16.</summary>
    static abstract bool Channels32 { get; }
}
