using System.Runtime.CompilerServices;
using LoptCluster.Torch.Libtorch;
using Xunit;

namespace LoptCluster.Torch.Tests;

/// <summary>A test that needs libtorch; skipped, in one line that says why, where it does not load.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LibtorchFactAttribute : FactAttribute
{
    public LibtorchFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = LibtorchRuntime.WhyUnavailable;
}

/// <inheritdoc cref="LibtorchFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LibtorchTheoryAttribute : TheoryAttribute
{
    public LibtorchTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = LibtorchRuntime.WhyUnavailable;
}
