using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace LoptCluster.Cli.CommandLine;

/// <summary>Adds an "Examples:" section to a command's <c>--help</c>.</summary>
internal static class ExampleHelp
{
    private static readonly ConditionalWeakTable<Command, string[]> Examples = [];

    public static TCommand WithExamples<TCommand>(this TCommand command, params string[] examples)
        where TCommand : Command
    {
        Examples.AddOrUpdate(command, examples);
        return command;
    }

    /// <summary>Examples of a command; empty if it has none.</summary>
    public static string[] Of(Command command) => Examples.TryGetValue(command, out string[]? examples) ? examples : [];

    public static void Install(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int status = help.Invoke(parseResult);
            string[] examples = Of(parseResult.CommandResult.Command);
            if (examples.Length == 0) return status;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in examples) output.WriteLine($"  {example}");
            return status;
        }
    }
}
