using System.Globalization;
using System.Text.Json.Nodes;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.ThetaFiles;

public sealed class ThetaFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.PathOf("theta.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(OptimizerKind.Mlp16)]
    [InlineData(OptimizerKind.Mlp31)]
    [InlineData(OptimizerKind.Adam)]
    public void Read_WhatWasWritten_IsTheSame(OptimizerKind optimizer)
    {
        var written = Write(optimizer);
        var read = ThetaFile.Read(Path);
        Assert.Equal(written.Theta.Values.ToArray(), read.Theta.Values.ToArray());
        Assert.Equal((written.Theta.Version, written.Optimizer, written.RunId), (read.Theta.Version, read.Optimizer, read.RunId));
        Assert.Equal([Path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Write_Mlp_HasTheLayersAsTensors()
    {
        Write(OptimizerKind.Mlp16);
        byte[] file = File.ReadAllBytes(Path);
        string header = System.Text.Encoding.UTF8.GetString(file, 8, (int)BitConverter.ToInt64(file));
        Assert.Contains("\"W1\":{\"dtype\":\"F32\",\"shape\":[16,32],\"data_offsets\":[0,2048]}", header);
        Assert.Contains("\"W2\":{\"dtype\":\"F32\",\"shape\":[32,2]", header);
        Assert.Equal(0, (8 + header.Length) % 8);
    }

    [Fact]
    public void WriteAndCard_ThetaOfHyperParameters_NameThemWithTheirValues()
    {
        var family = OptimizerFamilies.Adam;
        var content = new ThetaFileContent(
            new ThetaSnapshot(7, family.Theta.Point(("learningRate", 0.02), ("beta2", 0.99))), family.Kind, "abc123");
        byte[] file = ThetaFile.ToBytes(content);
        var metadata = JsonNode.Parse(file.AsSpan(8, (int)BitConverter.ToInt64(file)))!["__metadata__"]!;
        var card = JsonNode.Parse(ThetaCard.ToJson(content, new RunSpecification { Optimizer = family.Kind }))!["optimizer"]!;
        var values = family.Theta.HyperParameters.Zip(family.Theta.Values(content.Theta.Values.Span));
        Assert.All(values.Zip(card["hyperParameters"]!.AsArray()), p =>
        {
            Assert.Equal((p.First.First.Name, p.First.First.Transform.Formula), ((string?)p.Second!["name"], (string?)p.Second["theta"]));
            Assert.Equal(p.First.Second, (double)p.Second["value"]!, 1e-8 * p.First.Second);
            Assert.Equal(
                p.First.Second,
                double.Parse((string)metadata[$"hyper_parameter.{p.First.First.Name}"]!, CultureInfo.InvariantCulture),
                1e-8 * p.First.Second);
        });
        Assert.Equal(["m", "v"], card["state"]!.AsArray().Select(s => (string)s!));
        Assert.Equal("adam", (string?)card["family"]);
    }

    [Fact]
    public void Card_Mlp_NamesItsTensors()
    {
        var card = JsonNode.Parse(
            ThetaCard.ToJson(Content(OptimizerKind.Mlp31), new RunSpecification { Optimizer = OptimizerKind.Mlp31 }))!["optimizer"]!;
        Assert.Equal(["W1", "b1", "W2", "b2"], card["tensors"]!.AsArray().Select(t => (string)t!["name"]!));
        Assert.Equal([31, 32], card["tensors"]![0]!["shape"]!.AsArray().Select(s => (int)s!));
        Assert.Empty(card["hyperParameters"]!.AsArray());
        Assert.Equal(["m_0.5", "m_0.9", "m_0.99", "m_0.999", "m_0.9999"], card["state"]!.AsArray().Select(s => (string)s!));
    }

    [Theory]
    [InlineData("missing", "cannot be read")]
    [InlineData("short", "at least 8")]
    [InlineData("truncated", "truncated")]
    [InlineData("flipped", "SHA-256")]
    [InlineData("nan", "must be finite")]
    [InlineData("renamed", "tensor b1 is missing")]
    [InlineData("reshaped", "has shape [610], not")]
    [InlineData("foreign", "it is not a θ of lopt")]
    [InlineData("json", "no JSON")]
    public void Read_Damaged_SaysWhatInOneLine(string damage, string expected)
    {
        Write(OptimizerKind.Mlp16);
        byte[] file = File.ReadAllBytes(Path);
        switch (damage)
        {
            case "missing": File.Delete(Path); break;
            case "short": File.WriteAllBytes(Path, file[..5]); break;
            case "truncated": File.WriteAllBytes(Path, file[..^40]); break;
            case "flipped": file[^3] ^= 1; File.WriteAllBytes(Path, file); break;
            case "nan": BitConverter.TryWriteBytes(file.AsSpan(file.Length - 4), float.NaN); File.WriteAllBytes(Path, file); break;
            case "renamed": File.WriteAllBytes(Path, Replace(file, "\"b1\"", "\"c1\"")); break;
            case "reshaped": File.WriteAllBytes(Path, Replace(file, "[16,32]", "[610]  ")); break;
            case "foreign":
                File.WriteAllBytes(Path, Replace(Replace(file, "lopt-theta", "some-thing"), "\"b1\"", "\"c1\""));
                break;
            case "json": file[9] = (byte)'!'; File.WriteAllBytes(Path, file); break;
            default: throw new ArgumentOutOfRangeException(nameof(damage));
        }

        string message = Assert.ThrowsAny<UserErrorException>(() => ThetaFile.Read(Path)).Message;
        Assert.Contains(expected, message);
        Assert.Contains(Path, message);
        Assert.DoesNotContain("\n", message);
    }

    /// <summary>Whatever a damaged disk or a broken program makes of a file: one line, or a θ that is whole.</summary>
    [Fact]
    public void Read_AnyByteChangedOrMissing_IsRefusedInOneLineOrStillWhole()
    {
        var written = Write(OptimizerKind.Sgd);
        byte[] file = File.ReadAllBytes(Path);
        for (int i = 0; i < file.Length; i++)
        {
            foreach (byte value in (ReadOnlySpan<byte>)[0, (byte)'"', (byte)'}', (byte)'9', 0x80, 0xFF])
            {
                byte[] damaged = [.. file];
                damaged[i] = value;
                AssertRefusedOrWhole(damaged, written);
            }

            AssertRefusedOrWhole(file[..i], written);
        }
    }

    [Theory]
    [InlineData("\"dtype\":\"F32\"", "\"shape\":[12345]", "no JSON")]
    [InlineData("\"optimizer\":\"mlp16\"", "\"optimizer\":\"00099\"", "its optimizer is '00099'")]
    [InlineData("\"engine_version\"", "\"format_version\"", "not usable")]
    [InlineData("[0,2048]", "[2,2050]", "not usable")]
    public void Read_EntryTwiceOrUnknownOrMisplaced_IsRefused(string from, string to, string expected)
    {
        Write(OptimizerKind.Mlp16);
        string text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Path));
        // The header's length stays: what a longer text takes, its padding or the engine's version gives.
        string changed = text.Replace(from, to, StringComparison.Ordinal);
        long header = BitConverter.ToInt64(System.Text.Encoding.Latin1.GetBytes(text), 0) + changed.Length - text.Length;
        File.WriteAllBytes(Path, [.. BitConverter.GetBytes(header), .. System.Text.Encoding.Latin1.GetBytes(changed[8..])]);
        Assert.Contains(expected, Assert.Throws<UserErrorException>(() => ThetaFile.Read(Path)).Message);
    }

    [Theory]
    [InlineData(OptimizerKind.Mlp31)]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.Momentum)]
    [InlineData(OptimizerKind.Adam)]
    public void Card_AnyOptimizer_HasFiniteGoldenVectorsAndItsSpecification(OptimizerKind optimizer)
    {
        var specification = new RunSpecification { Optimizer = optimizer };
        ThetaCard.Write(Path, Write(optimizer), specification);
        Assert.Equal(optimizer, ThetaCard.ReadSpecification(Path)!.Optimizer);
    }

    [Fact]
    public void Write_FolderMissing_SaysSo() =>
        Assert.Contains(
            "cannot be written",
            Assert.Throws<UserErrorException>(
                () => ThetaFile.Write("/no/such/folder/theta.safetensors", Content(OptimizerKind.Sgd))).Message);

    [Fact]
    public void Card_GoldenVectors_AreWhatTheOptimizerGives()
    {
        var content = Write(OptimizerKind.Mlp16);
        var specification = new RunSpecification();
        ThetaCard.Write(Path, content, specification);
        using var card = System.Text.Json.JsonDocument.Parse(File.ReadAllText(ThetaCard.PathOf(Path)));
        var golden = card.RootElement.GetProperty("golden")[1];
        float[] Numbers(string name) => [.. golden.GetProperty(name).EnumerateArray().Select(x => x.GetSingle())];

        var layout = new Engine.Parameters.ParameterLayout(("tensor", [3, 4]));
        float[] w = new float[16], g = new float[16], m = new float[80];
        Numbers("w").CopyTo(w, 0);
        Numbers("g").CopyTo(g, 0);
        foreach (var (row, i) in Numbers("m").Chunk(12).Select((r, i) => (r, i))) row.CopyTo(m, i * 16);
        using var optimizer = OptimizerFactory.Create(specification, layout);
        optimizer.Update(content.Theta.Values.Span, golden.GetProperty("t").GetInt64(), g, w, m);
        Assert.Equal(Numbers("wNext"), w[..12]);
        Assert.Equal(Numbers("mNext"), m.Chunk(16).SelectMany(v => v[..12]));
    }

    private void AssertRefusedOrWhole(byte[] file, ThetaFileContent written)
    {
        File.WriteAllBytes(Path, file);
        try
        {
            Assert.Equal(written.Theta.Values.ToArray(), ThetaFile.Read(Path).Theta.Values.ToArray());
        }
        catch (UserErrorException e)
        {
            Assert.DoesNotContain("\n", e.Message);
        }
    }

    private static byte[] Replace(byte[] file, string from, string to)
    {
        Assert.Equal(from.Length, to.Length);
        return System.Text.Encoding.Latin1.GetBytes(
            System.Text.Encoding.Latin1.GetString(file).Replace(from, to, StringComparison.Ordinal));
    }

    private static ThetaFileContent Content(OptimizerKind optimizer) =>
        new(new ThetaSnapshot(7, OptimizerFamilies.Of(optimizer).InitialTheta(seed: 1)), optimizer, "abc123");

    private ThetaFileContent Write(OptimizerKind optimizer)
    {
        var content = Content(optimizer);
        ThetaFile.Write(Path, content);
        return content;
    }
}
