using System.Diagnostics;
using LoptCluster.Shared;

namespace LoptCluster.Torch.InnerProblems;

/// <summary>What a user's module throws, in a line that says which module, when, and where in the user's own code.</summary>
internal static class ModuleFaults
{
    /// <summary>Whether an exception from the module's code is to be named: everything but what has a name already.</summary>
    public static bool IsUsers(Exception e) => e is not (UserErrorException or OperationCanceledException or OutOfMemoryException);

    /// <param name="doing">"its forward pass on …": what it failed in.</param>
    public static UserErrorException Of(string module, string doing, Exception e) =>
        new($"The torch module '{module}' failed in {doing}{Place(e)}: {FirstLine(e.Message)} ({e.GetType().Name})", e);

    /// <summary>The innermost line that is neither torch's, the framework's nor ours.</summary>
    private static string Place(Exception e)
    {
        var frame = new StackTrace(e, fNeedFileInfo: true).GetFrames().FirstOrDefault(f => IsUsersAssembly(f.GetMethod()?.DeclaringType?.Assembly.GetName().Name));
        if (frame?.GetMethod() is not { } method) return "";
        string line = frame.GetFileName() is { } file ? $", {Path.GetFileName(file)} line {frame.GetFileLineNumber()}" : "";
        return $", at {method.DeclaringType!.Name}.{method.Name}{line}";
    }

    private static bool IsUsersAssembly(string? assembly) =>
        assembly is not null && assembly != typeof(ModuleFaults).Assembly.GetName().Name && assembly != "TorchSharp" && !assembly.StartsWith("System.", StringComparison.Ordinal);

    /// <summary>libtorch adds a page of its own addresses.</summary>
    private static string FirstLine(string message) => message.Split('\n', 2)[0].TrimEnd();
}
