namespace LoptCluster.Architecture.Tests;

/// <summary>A type that uses another: as base, member, argument, attribute, or in the body of a method.</summary>
internal sealed record Arrow(CodeType From, CodeType To)
{
    public override string ToString() => $"{From} uses {To}";
}
