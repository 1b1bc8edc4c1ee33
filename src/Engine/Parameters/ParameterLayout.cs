using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace LoptCluster.Engine.Parameters;

/// <summary>How the tensors of w lie in one flat vector: in order, each padded with zeros to whole 512-bit vectors.</summary>
/// <remarks>
/// Vectors in this layout (w, g, v, each momentum) have <see cref="PaddedLength"/> floats; the padding is always zero, and every
/// kernel that writes one keeps it so. Golden cases and files use the compact form: the same tensors without padding.
/// </remarks>
public sealed class ParameterLayout
{
    /// <summary>Floats in a 512-bit vector.</summary>
    public const int Padding = 16;

    public ParameterLayout(params ReadOnlySpan<(string Name, int[] Shape)> tensors)
    {
        var builder = ImmutableArray.CreateBuilder<ParameterTensor>(tensors.Length);
        int offset = 0;
        foreach (var (name, shape) in tensors)
        {
            int length = shape.Aggregate(1, (a, b) => checked(a * b));
            builder.Add(new ParameterTensor(name, [.. shape], offset, length));
            offset += (length + Padding - 1) / Padding * Padding;
            Length += length;
        }

        Tensors = builder.MoveToImmutable();
        PaddedLength = offset;
    }

    public ImmutableArray<ParameterTensor> Tensors { get; }

    /// <summary>P: parameters, without padding.</summary>
    public int Length { get; }

    public int PaddedLength { get; }

    /// <summary>
    /// Two layouts that differ in a tensor's name, shape or place have different ones: "19722 parameters in 8 tensors, 1f6c09a2".
    /// </summary>
    public string Fingerprint
    {
        get
        {
            string text = string.Join(';', Tensors.Select(t => $"{t.Name} {string.Join('x', t.Shape)}"));
            return $"{Length} parameters in {Tensors.Length} tensors, {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8]}";
        }
    }

    /// <summary>Padded form of a compact vector, or of several that lie one after the other (a state).</summary>
    public float[] Pad(ReadOnlySpan<float> compact)
    {
        float[] padded = new float[compact.Length / Length * PaddedLength];
        for (int v = 0; v < compact.Length / Length; v++) Pad(compact.Slice(v * Length, Length), padded.AsSpan(v * PaddedLength, PaddedLength));
        return padded;
    }

    /// <summary>Compact form of a padded vector, or of several that lie one after the other (a state).</summary>
    public float[] Compact(ReadOnlySpan<float> padded)
    {
        float[] compact = new float[padded.Length / PaddedLength * Length];
        for (int v = 0; v < padded.Length / PaddedLength; v++)
            Compact(padded.Slice(v * PaddedLength, PaddedLength), compact.AsSpan(v * Length, Length));
        return compact;
    }

    /// <summary>The same tensors at the same places.</summary>
    public bool IsSameAs(ParameterLayout other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (Tensors.Length != other.Tensors.Length) return false;
        for (int i = 0; i < Tensors.Length; i++)
        {
            if (Tensors[i].Name != other.Tensors[i].Name || !Tensors[i].Shape.AsSpan().SequenceEqual(other.Tensors[i].Shape.AsSpan())) return false;
        }

        return true;
    }

    /// <summary>Compact to padded. <paramref name="compact"/> has <see cref="Length"/> floats.</summary>
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

    /// <summary>Copies the padded form into the compact form.</summary>
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
