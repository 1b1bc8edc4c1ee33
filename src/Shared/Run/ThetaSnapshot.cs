using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LoptCluster.Shared.Run;

/// <summary>θ after <see cref="Version"/> outer-updates. Immutable; shared between threads.</summary>
/// <param name="Version">Outer-updates applied; 0 is the initial θ.</param>
/// <param name="Values">The parameters; owned by the snapshot and never written to.</param>
public sealed record ThetaSnapshot(long Version, ReadOnlyMemory<float> Values)
{
    public int Length => Values.Length;

    /// <summary>SHA-256 of the little-endian float32 values.</summary>
    public byte[] Checksum() => SHA256.HashData(MemoryMarshal.AsBytes(Values.Span));
}
