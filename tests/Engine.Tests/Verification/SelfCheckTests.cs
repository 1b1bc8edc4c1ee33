using LoptCluster.Engine.Verification;
using Xunit;

namespace LoptCluster.Engine.Tests.Verification;

public sealed class SelfCheckTests
{
    /// <summary>
    /// Of engine version 5, on every machine. Where this changes, so do the bits of samples: raise the engine's version with it.
    /// </summary>
    private const string OfThisVersion = "97e04270c32d0775c5523c8d92edc979";

    [Fact]
    public void Value_OnAnyMachine_IsThis() => Assert.Equal(OfThisVersion, SelfCheck.Value);
}
