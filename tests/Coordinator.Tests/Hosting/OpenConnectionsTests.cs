using System.Net;
using LoptCluster.Hosting.Listeners;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Hosting;

public sealed class OpenConnectionsTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.2");
    private static readonly IPAddress Third = IPAddress.Parse("192.0.2.3");

    private readonly OpenConnections _sut = new(
        new ConnectionBounds(InAll: 3, OfPeer: 2), new FakeTimeProvider(), NullLogger<OpenConnections>.Instance);

    [Fact]
    public void TryAdd_BeyondWhatOnePeerMayHave_RefusesItAlone()
    {
        Assert.Equal([true, true, false], Add(One, One, One));
        Assert.True(_sut.TryAdd(Other));

        _sut.Remove(One);

        Assert.Equal([true, false], Add(One, One));
    }

    [Fact]
    public void TryAdd_BeyondAll_RefusesEveryPeerUntilOneEnds()
    {
        Assert.Equal([true, true, true, false], Add(One, Other, Third, Third));

        _sut.Remove(One);

        Assert.Equal([true, false], Add(Third, One));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("::1", "::")]
    public void PeerOf_AnAddress_IsWhatOneHostHasForItself(string address, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), OpenConnections.PeerOf(IPAddress.Parse(address)));

    private bool[] Add(params IPAddress[] addresses) => [.. addresses.Select(_sut.TryAdd)];
}
