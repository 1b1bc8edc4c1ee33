using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers;

/// <summary>The numbers depend on the inputs alone: not on what a scratch held before, nor on the vectors that a machine has.</summary>
public sealed class SameBitsTests
{
    /// <summary>Set in a child process: the file to write its digest to.</summary>
    private const string DigestFile = "LOPT_TEST_DIGEST_FILE";

    private static readonly OptimizerKind[] Kinds = [OptimizerKind.Mlp16, OptimizerKind.Mlp31, OptimizerKind.Sgd, OptimizerKind.Momentum, OptimizerKind.Adam];

    private static ParameterLayout Layout => new(("a", [11, 43]), ("b", [13]), ("c", [16]), ("d", [1]));

    [Fact]
    public void UpdateAndPullback_AgainAndInAUsedScratch_GiveTheSameBits()
    {
        foreach (var kind in Kinds)
        {
            using var sut = OptimizerFactory.Create(new RunSpecification { Optimizer = kind }, Layout);
            long[] first = [.. new OptimizerCase(sut, Layout).Run(sut).Bits];
            var other = new OptimizerCase(sut, Layout, seed: 2);
            Array.Fill(other.WCotangent, float.NaN);
            Array.Fill(other.Theta, float.NaN);
            foreach (var tensor in Layout.Tensors) other.G.AsSpan(tensor.Offset, tensor.Length).Fill(float.PositiveInfinity);
            other.Run(sut);
            Assert.Equal(first, new OptimizerCase(sut, Layout).Run(sut).Bits);
        }
    }

    /// <summary>What is kept spares a computation and changes no bit; nor does an update out of place, nor to leave out the cotangents that nobody asks for.</summary>
    [Fact]
    public void UpdateAndPullback_WithIntermediates_GiveTheSameBits()
    {
        var large = new ParameterLayout(("a", [9_000]), ("b", [3]), ("c", [65]));
        foreach (var layout in new[] { Layout, large })
        {
            foreach (var kind in Kinds)
            {
                using var sut = OptimizerFactory.Create(new RunSpecification { Optimizer = kind, StepScale = 0.5, ExponentScale = 0.3 }, layout);
                OptimizerCase one = new OptimizerCase(sut, layout).Run(sut), other = new OptimizerCase(sut, layout).RunKept(sut);
                Assert.Equal(one.Bits, other.Bits);
                Assert.Equal(one.ThetaCotangent, new OptimizerCase(sut, layout).RunTheta(sut, kept: true));
                Assert.Equal(one.ThetaCotangent, new OptimizerCase(sut, layout).RunTheta(sut, kept: false));
            }
        }
    }

    [Fact]
    public void Intermediates_WrongLength_AreRefused()
    {
        using ILearnedOptimizer sut = OptimizerFactory.Create(new RunSpecification { Optimizer = OptimizerKind.Mlp16 }, Layout);
        var c = new OptimizerCase(sut, Layout);
        float[] few = new float[sut.IntermediatesLength - 1];
        Assert.Throws<ArgumentOutOfRangeException>(() => sut.Update(c.Theta, 0, c.G, c.W, c.M, c.WNext, c.MNext, few));
        Assert.Throws<ArgumentOutOfRangeException>(() => sut.Update(c.Theta, 0, c.G, c.W, c.M, c.WNext.AsSpan(1), c.MNext, default));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            sut.VectorJacobianProduct(c.Made(few), c.Cotangents));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            sut.AddThetaCotangent(c.Made(few), c.Cotangents));
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    public void UpdateAndPullback_WithoutAnInstructionSet_GiveTheSameBits(string switchedOff)
    {
        if (Environment.GetEnvironmentVariable(DigestFile) is { } file)
        {
            Assert.False(Vector512.IsHardwareAccelerated);
            File.WriteAllText(file, Digest());
            return;
        }

        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "digest");
        using var child = Process.Start(Child(switchedOff, path))!;
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.True(File.Exists(path), output);
        Assert.Equal(Digest(), File.ReadAllText(path));
    }

    /// <summary>This test alone, in a process of its own.</summary>
    private static ProcessStartInfo Child(string switchedOff, string file)
    {
        string method = $"{typeof(SameBitsTests).FullName}.{nameof(UpdateAndPullback_WithoutAnInstructionSet_GiveTheSameBits)}";
        var start = TestProcess.Start("-method", method, "-noColor");
        start.Environment[switchedOff] = "0";
        start.Environment[DigestFile] = file;
        return start;
    }

    private static string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var kind in Kinds)
        {
            using var sut = OptimizerFactory.Create(new RunSpecification { Optimizer = kind, StepScale = 0.5, ExponentScale = 0.3 }, Layout);
            for (int seed = 0; seed < 20; seed++)
            {
                var c = new OptimizerCase(sut, Layout, seed) { T = seed * seed * seed }.Run(sut);
                foreach (long bits in c.Bits) hash.AppendData(BitConverter.GetBytes(bits));
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
