using System.Diagnostics;
using LoptCluster.Shared;

namespace LoptCluster.Torch.InnerProblems;

/// <summary>
/// User errors for exceptions of a user's module: which module failed, during which operation, and where in the user's code.
/// </summary>
internal static class ModuleFaults
{
    /// <summary>Whether an exception comes from the module's code and is not a user error already.</summary>
    public static bool IsUsers(Exception e) => e is not (UserErrorException or OperationCanceledException or OutOfMemoryException);

    /// <summary>User error for an exception of a module's code.</summary>
    /// <param name="doing">Operation that failed, such as "its forward pass on …".</param>
    public static UserErrorException Of(string module, string doing, Exception e) =>
        new($"The torch module '{module}' failed in {doing}{Place(e)}: {FirstLine(e.Message)} ({e.GetType().Name})", e);

    /// <summary>Innermost stack frame outside torch, the framework and this project.</summary>
    private static string Place(Exception e)
    {
        var frame = new StackTrace(e, fNeedFileInfo: true).GetFrames().FirstOrDefault(
            f => IsUsersAssembly(f.GetMethod()?.DeclaringType?.Assembly.GetName().Name));
        if (frame?.GetMethod() is not { } method) return "";
        string line = frame.GetFileName() is { } file ? $", {Path.GetFileName(file)} line {frame.GetFileLineNumber()}" : "";
        return $", at {method.DeclaringType!.Name}.{method.Name}{line}";
    }

    private static bool IsUsersAssembly(string? assembly) =>
        assembly is not null
            && assembly != typeof(ModuleFaults).Assembly.GetName().Name
            && assembly != "TorchSharp"
            && !assembly.StartsWith("System.", StringComparison.Ordinal);

    /// <summary>First line of a message: libtorch appends a page of its own stack addresses.</summary>
    private static string FirstLine(string message) => message.Split('\n', 2)[0].TrimEnd();
}
