using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace LoptCluster.Chaos.Hostile.Messages;

/// <summary>One way to spoil a field.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Apply">Changes the field of the message that has it.</param>
internal sealed record Mutation(string Name, Action<IMessage, FieldDescriptor, Random> Apply);
