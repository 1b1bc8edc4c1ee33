using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers;

/// <summary>The numbers of every family depend on the inputs alone, not on the width of the machine's vectors.</summary>
public sealed class SameBitsTests
{
    /// <summary>Set in a child process: the file to write its digest to.</summary>
    private const string DigestFile = "LOPT_TEST_DIGEST_FILE";

    private static ParameterLayout Layout => new(
        ("a", [11, 43]), ("b", [13]), ("c", [16]), ("d", [1]), ("e", [3, 3, 5, 19]), ("f", [7, 33]), ("g", [4, 2]));

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

    /// <summary>A line for each family, so that a difference names its family.</summary>
    private static string Digest() => string.Join(
        '\n',
        (string[])[
            .. OptimizerFamilies.Trainable.SelectMany(
                f => (bool[])[false, .. f.Kind.HasMomentum() ? (bool[])[true] : []], (f, nesterov) => $"{f.Name} {Digest(f, nesterov)}"),
            .. OptimizerFamilies.Baselines.Select(f => $"{f.Name} {Digest(f)}"),
        ]);

    private static string Digest(IOptimizerFamily family)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var sut = family.Create(Layout, new UpdateSettings(8000));
        for (int seed = 0; seed < 20; seed++)
        {
            var c = new OptimizerCase(family, Layout, seed);
            sut.Update(c.Theta, seed * seed * seed, c.G, c.WNext, c.MNext);
            foreach (long bits in c.Bits) hash.AppendData(BitConverter.GetBytes(bits));
            hash.AppendData(MemoryMarshal.AsBytes(sut.EvaluationPoint(c.Theta, c.WNext, c.MNext)));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static string Digest(IOuterTrainableFamily family, bool nesterov)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var sut = family.Create(Layout, new UpdateSettings(1000) { StepScale = 0.5, ExponentScale = 0.3, Nesterov = nesterov });
        for (int seed = 0; seed < 20; seed++)
        {
            var c = new OptimizerCase(family, Layout, seed) { T = seed * seed * seed }.Run(sut);
            foreach (long bits in c.Bits) hash.AppendData(BitConverter.GetBytes(bits));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
