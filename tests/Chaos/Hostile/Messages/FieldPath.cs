using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace LoptCluster.Chaos.Hostile.Messages;

/// <summary>A field of a message, or of a message within it: the fields from the outermost message to it.</summary>
internal sealed record FieldPath(IReadOnlyList<FieldDescriptor> Fields)
{
    /// <summary>Messages that contain themselves would have paths without end.</summary>
    private const int Deepest = 4;

    public FieldDescriptor Field => Fields[^1];

    /// <summary>Message and fields with points between them, for example <c>Sample.gradients.values</c>.</summary>
    public override string ToString() => $"{Fields[0].ContainingType.Name}.{string.Join('.', Fields.Select(f => f.Name))}";

    /// <summary>Every field of a message of this type, at any depth; those of a later release too.</summary>
    public static IEnumerable<FieldPath> Of(MessageDescriptor type) => Below(type, []);

    /// <summary>The message that has the field; what lacks on the way to it is made.</summary>
    public IMessage OwnerIn(IMessage message)
    {
        foreach (var field in Fields.Take(Fields.Count - 1)) message = Step(message, field);
        return message;
    }

    private static IEnumerable<FieldPath> Below(MessageDescriptor type, IReadOnlyList<FieldDescriptor> above)
    {
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            FieldDescriptor[] fields = [.. above, field];
            yield return new FieldPath(fields);
            if (field.FieldType != FieldType.Message || field.IsMap || fields.Length == Deepest) continue;
            foreach (var below in Below(field.MessageType, fields)) yield return below;
        }
    }

    private static IMessage Step(IMessage message, FieldDescriptor field)
    {
        if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message);
            if (list.Count == 0) list.Add(field.MessageType.Parser.ParseFrom(ByteString.Empty));
            return (IMessage)list[0]!;
        }

        if (field.Accessor.GetValue(message) is IMessage there) return there;
        field.Accessor.SetValue(message, field.MessageType.Parser.ParseFrom(ByteString.Empty));
        return (IMessage)field.Accessor.GetValue(message);
    }
}
