using LoptCluster.Coordinator.Sessions;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Sessions;

public sealed class PeerTextTests
{
    [Theory]
    [InlineData("worker-α 3", "worker-α 3")]
    [InlineData("\u001b[2J\u0007x", "\uFFFD[2J\uFFFDx")]
    [InlineData("a\r\nWorker b joined", "a\uFFFD\uFFFDWorker b joined")]
    [InlineData("a\u202Eb\u2028c\u0085", "a\uFFFDb\uFFFDc\uFFFD")]
    public void Of_ControlCharacters_AreReplaced(string text, string expected) => Assert.Equal(expected, PeerText.Of(text));

    [Fact]
    public void Of_LongText_IsCut() => Assert.Equal(new string('x', 60) + "…", PeerText.Of(new string('x', 50_000_000), 60));

    [Theory]
    [InlineData("build-7.example", null)]
    [InlineData("a\u001b[31m", "the host 'a\uFFFD[31m' has the control character U+001B; only text is allowed")]
    [InlineData("0123456789abc", "the host has 13 characters; at most 12 are allowed")]
    public void FaultOf_NamesWhatIsWrong(string text, string? expected) =>
        Assert.Equal(expected, PeerText.FaultOf("host", text, text.StartsWith('0') ? 12 : 100));
}
