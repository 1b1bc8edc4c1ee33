using LoptCluster.Engine.Datasets.Files;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

public sealed class Crc32Tests
{
    [Fact]
    public void Append_CheckString_GivesPublishedValue() => Assert.Equal(0xCBF4_3926u, Crc32.Append(0, "123456789"u8));

    [Fact]
    public void Append_InPieces_EqualsBitByBit()
    {
        byte[] data = [.. Enumerable.Range(0, 100).Select(i => (byte)(i * 37))];
        for (int length = 0; length <= data.Length; length++)
        {
            uint expected = ~0u;
            foreach (byte b in data[..length])
            {
                expected ^= b;
                for (int bit = 0; bit < 8; bit++) expected = (expected & 1) != 0 ? (expected >> 1) ^ 0xEDB8_8320u : expected >> 1;
            }

            int cut = length / 3;
            Assert.Equal(~expected, Crc32.Append(Crc32.Append(0, data.AsSpan(0, cut)), data.AsSpan(cut, length - cut)));
        }
    }
}
