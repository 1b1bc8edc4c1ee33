using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace LoptCluster.Engine.Parameters;

/// <summary>Layout of the tensors of w in one flat vector: in order, each padded with zeros to whole 512-bit vectors.</summary>
/// <remarks>
/// Vectors in this layout (w, g, v, each momentum) have <see cref="PaddedLength"/> floats; the padding is always zero, and every
/// kernel that writes a vector keeps it zero. Golden cases and files use the compact form: the same tensors without padding.
/// </remarks>
public sealed class ParameterLayout
{
    /// <summary>Floats in one 512-bit vector.</summary>
    public const int Padding = 16;

    public ParameterLayout(params ReadOnlySpan<(string Name, int[] Shape)> tensors)
    {
        var builder = ImmutableArray.CreateBuilder<ParameterTensor>(tensors.Length);
        int offset = 0;
        foreach (var (name, shape) in tensors)
        {
            int length = shape.Aggregate(1, (a, b) => checked(a * b));
            builder.Add(new ParameterTensor(name, [.. shape], offset, length));
            offset += builder[^1].PaddedLength;
            Length += length;
        }

        Tensors = builder.MoveToImmutable();
        PaddedLength = offset;
    }

    public ImmutableArray<ParameterTensor> Tensors { get; }

    /// <summary>Number of parameters P, without padding.</summary>
    public int Length { get; }

    public int PaddedLength { get; }

    /// <summary>Whether the outputs are the first axis of a weight tensor, as in torch modules, and not the last one.</summary>
    public bool OutputsFirst { get; init; }

    /// <summary>
    /// Digest of the tensors' names, shapes and places, equal only for equal layouts: "19722 parameters in 8 tensors, 1f6c09a2".
    /// </summary>
    public string Fingerprint
    {
        get
        {
            string text = string.Join(';', Tensors.Select(t => $"{t.Name} {string.Join('x', t.Shape)}"));
            return $"{Length} parameters in {Tensors.Length} tensors, "
                + $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8]}";
        }
    }

    /// <summary>True if the other layout has the same tensors at the same places.</summary>
    public bool IsSameAs(ParameterLayout other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (Tensors.Length != other.Tensors.Length) return false;
        for (int i = 0; i < Tensors.Length; i++)
        {
            var (mine, its) = (Tensors[i], other.Tensors[i]);
            if (mine.Name != its.Name || !mine.Shape.AsSpan().SequenceEqual(its.Shape.AsSpan())) return false;
        }

        return true;
    }

    /// <summary>Padded form of a compact vector, or of several consecutive ones (a state).</summary>
    public float[] Pad(ReadOnlySpan<float> compact)
    {
        float[] padded = new float[compact.Length / Length * PaddedLength];
        for (int v = 0; v < compact.Length / Length; v++)
            Pad(compact.Slice(v * Length, Length), padded.AsSpan(v * PaddedLength, PaddedLength));
        return padded;
    }

    /// <summary>Compact form of a padded vector, or of several consecutive ones (a state).</summary>
    public float[] Compact(ReadOnlySpan<float> padded)
    {
        float[] compact = new float[padded.Length / PaddedLength * Length];
        for (int v = 0; v < padded.Length / PaddedLength; v++)
            Compact(padded.Slice(v * PaddedLength, PaddedLength), compact.AsSpan(v * Length, Length));
        return compact;
    }

    /// <summary>Copies a compact vector of <see cref="Length"/> floats to its padded form.</summary>
    public void Pad(ReadOnlySpan<float> compact, Span<float> padded)
    {
        padded[..PaddedLength].Clear();
        int from = 0;
        foreach (var t in Tensors)
        {
            compact.Slice(from, t.Length).CopyTo(padded[t.Offset..]);
            from += t.Length;
        }
    }

    /// <summary>Copies a padded vector to its compact form.</summary>
    public void Compact(ReadOnlySpan<float> padded, Span<float> compact)
    {
        int to = 0;
        foreach (var t in Tensors)
        {
            padded.Slice(t.Offset, t.Length).CopyTo(compact[to..]);
            to += t.Length;
        }
    }
}
