using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace LoptCluster.Chaos.Hostile.Messages;

/// <summary>The mutations of a field, by its type in the protocol.</summary>
internal static class Mutations
{
    private const int LongText = 20_000, LongList = 20_000, LongBytes = 300_000;

    /// <summary>Just more than a message to a coordinator may have.</summary>
    private const int MostListBytes = 1_200_000;

    private static readonly string[] Texts =
    [
        "", "x", new('x', 201), new('x', LongText), "\0", "\u001b[2J\u001b]0;all is well\u0007", "a\r\n00:00:00 info: all is well",
        "\u202Egnp.exe", "\uFEFF", "'; DROP TABLE samples; --", "<script>alert(1)</script>", "../../etc/passwd", "%s%n{0}{{", "ﷺ😀é",
    ];

    private static readonly double[] Numbers =
    [
        0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e308, -1e308, double.MaxValue, double.MinValue,
        double.Epsilon, -double.Epsilon, 10.000001, 1e-300,
    ];

    private static readonly long[] Integers =
        [0, 1, -1, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 1L << 31, 1L << 53, -(1L << 40)];

    public static IEnumerable<Mutation> Of(FieldDescriptor field)
    {
        yield return new Mutation("absent", (owner, f, _) => f.Accessor.Clear(owner));
        if (field.IsMap) yield break;
        foreach (var mutation in field.IsRepeated ? OfList(field) : OfOne(field)) yield return mutation;
    }

    private static IEnumerable<Mutation> OfOne(FieldDescriptor field) =>
        from value in Values(field)
        select new Mutation(value.Name, (owner, f, random) => f.Accessor.SetValue(owner, value.Make(f.Accessor.GetValue(owner), random)));

    private static IEnumerable<Mutation> OfList(FieldDescriptor field)
    {
        yield return OnList("one short", (list, _) =>
        {
            if (list.Count > 0) list.RemoveAt(list.Count - 1);
        });
        yield return OnList("twice", (list, _) =>
        {
            foreach (object? item in list.Cast<object>().ToList()) list.Add(item);
        });
        yield return OnList("one too many", (list, random) => list.Add(Item(field, list, random)));
        yield return OnList("very long", (list, random) =>
        {
            object item = Item(field, list, random);
            int bytes = item is IMessage message ? message.CalculateSize() + 2 : 1;
            for (int i = 0; i < Math.Min(LongList, MostListBytes / bytes); i++) list.Add(item);
        });
        if (field.FieldType == FieldType.Message) yield break;
        foreach (var (name, make) in Values(field))
        {
            yield return OnList($"one {name}", (list, random) =>
            {
                if (list.Count == 0) list.Add(Item(field, list, random));
                int at = random.Next(list.Count);
                list[at] = make(list[at], random);
            });
        }
    }

    private static Mutation OnList(string name, Action<IList, Random> change) =>
        new(name, (owner, field, random) => change((IList)field.Accessor.GetValue(owner), random));

    private static object Item(FieldDescriptor field, IList list, Random random)
    {
        if (list.Count > 0) return list[0] is IMessage message ? Copy(message) : list[0]!;
        return field.FieldType == FieldType.Message
            ? field.MessageType.Parser.ParseFrom(ByteString.Empty)
            : Values(field).First().Make(null, random);
    }

    private static IMessage Copy(IMessage message) => message.Descriptor.Parser.ParseFrom(message.ToByteString());

    /// <summary>Values that a field of this type may be given, from the one that it has.</summary>
    private static IEnumerable<(string Name, Func<object?, Random, object> Make)> Values(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Double => Numbers.Select(n => ($"{n:R}", new Func<object?, Random, object>((_, _) => n))),
        FieldType.Float => Numbers.Select(n => ($"{(float)n:R}", new Func<object?, Random, object>((_, _) => (float)n))),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Whole(n => n),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => Whole(n => unchecked((int)n)),
        FieldType.UInt64 or FieldType.Fixed64 => Whole(n => unchecked((ulong)n)),
        FieldType.UInt32 or FieldType.Fixed32 => Whole(n => unchecked((uint)n)),
        FieldType.Enum => Whole(n => Enum.ToObject(field.EnumType.ClrType, unchecked((int)n))),
        FieldType.Bool => [("turned", (now, _) => !(bool)(now ?? false))],
        FieldType.String => Texts.Select((t, i) => ($"text {i}", new Func<object?, Random, object>((_, _) => t))),
        FieldType.Bytes => Bytes(),
        FieldType.Message => [("empty", (_, _) => field.MessageType.Parser.ParseFrom(ByteString.Empty))],
        _ => throw new NotSupportedException($"There is no mutation of a field of type '{field.FieldType}' ({field.FullName}). Add one."),
    };

    private static IEnumerable<(string, Func<object?, Random, object>)> Whole<T>(Func<long, T> of)
        where T : notnull
    {
        foreach (long number in Integers) yield return ($"{number}", (_, _) => of(number));
        yield return ("one more", (now, _) => of(Convert.ToInt64(now ?? 0L, null) + 1));
        yield return ("one less", (now, _) => of(Convert.ToInt64(now ?? 0L, null) - 1));
        yield return ("random", (_, random) => of(random.NextInt64(long.MinValue, long.MaxValue)));
    }

    private static IEnumerable<(string, Func<object?, Random, object>)> Bytes()
    {
        yield return ("random", (_, random) => Random(random, random.Next(1, 2000)));
        yield return ("one byte", (_, random) => Random(random, 1));
        yield return ("very long", (_, random) => Random(random, LongBytes));
        yield return ("cut", (now, random) => ByteString.CopyFrom(((ByteString)now!).Span[..random.Next(((ByteString)now).Length + 1)]));
        yield return ("longer", (now, random) => ByteString.CopyFrom([.. (ByteString)now!, .. Random(random, 8)]));
    }

    private static ByteString Random(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }
}
