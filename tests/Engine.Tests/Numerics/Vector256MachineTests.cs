using System.Diagnostics;
using LoptCluster.Engine.Tests.InnerProblems.Convnets;
using LoptCluster.Engine.Tests.InnerProblems.FullyConnected;
using LoptCluster.Engine.Tests.Numerics.Convolution;
using LoptCluster.Engine.Tests.Numerics.Dense;
using LoptCluster.Engine.Tests.Optimizers.Mlp;
using LoptCluster.Engine.Tests.Verification;
using Xunit;

namespace LoptCluster.Engine.Tests.Numerics;

/// <summary>
/// The kernels' own tests again, in a process that sees a lesser machine: 256-bit kernels have blocks of their own, and a machine with
/// neither AVX-512 nor AVX must still give the same bits.
/// </summary>
public sealed class Vector256MachineTests
{
    /// <summary>Set in the child process, where these tests would start themselves for ever.</summary>
    private const string InChild = "LOPT_TEST_NARROW_MACHINE";

    [Fact]
    public void KernelsAndProblems_WithoutAvx512_PassTheSameTests() => Run(
        "DOTNET_EnableAVX512",
        "-class",
        typeof(PackedConvolutionTests).FullName!,
        "-class",
        typeof(DenseKernelsTests).FullName!,
        "-class",
        typeof(ConvnetProblemTests).FullName!,
        "-class",
        typeof(ConvnetBitsTests).FullName!,
        "-class",
        typeof(FullyConnectedProblemTests).FullName!,
        "-class",
        typeof(MlpActiveSumsTests).FullName!,
        "-class",
        typeof(MlpOptimizerTests).FullName!,
        "-class",
        typeof(MlpOptimizerExtremesTests).FullName!,
        "-class",
        typeof(SelfCheckTests).FullName!);

    [Fact]
    public void SelfCheck_WithoutAvx_IsTheSame() => Run("DOTNET_EnableAVX", "-class", typeof(SelfCheckTests).FullName!);

    [Fact]
    public void Convnets_WithoutAvx_HaveTheSameBits() => Run(
        "DOTNET_EnableAVX", "-method",
            $"{typeof(ConvnetBitsTests).FullName}.{nameof(ConvnetBitsTests.GradientAndProduct_OnAnyMachine_HaveTheseBits)}");

    private static void Run(string switchedOff, params string[] arguments)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(InChild) != null, "this is the child process");
        var start = TestProcess.Start(["-noColor", .. arguments]);
        start.Environment[switchedOff] = "0";
        start.Environment[InChild] = "1";
        using var child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.True(child.ExitCode == 0, output);
        Assert.DoesNotContain("Total: 0", output, StringComparison.Ordinal);
    }
}
