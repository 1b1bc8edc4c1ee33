using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;
using LoptCluster.Cli.CommandLine;

namespace LoptCluster.Cli.Tests.Documents;

/// <summary>Reference of all commands, arguments and options in Markdown, composed from the command line's own definitions.</summary>
internal static class CommandLineReference
{
    public static string Compose(RootCommand root)
    {
        var text = new StringBuilder();
        foreach (var command in root.Subcommands.Where(command => !command.Hidden)) Append(text, command, "lopt");
        return text.ToString();
    }

    private static void Append(StringBuilder text, Command command, string parent)
    {
        string path = $"{parent} {command.Name}";
        Argument[] arguments = [.. command.Arguments.Where(argument => !argument.Hidden)];
        Option[] options = [.. command.Options.Where(option => option is not HelpOption && !option.Hidden)];
        text.Append(CultureInfo.InvariantCulture, $"\n## {path}\n\n{command.Description}\n");
        if (command.Subcommands.Count == 0)
        {
            string usage = string.Concat(arguments.Select(argument => IsRequired(argument) ? $" {argument.Name}" : $" [{argument.Name}]"));
            text.Append(CultureInfo.InvariantCulture, $"\n    {path}{usage}{(options.Length > 0 ? " [options]" : "")}\n");
        }

        if (arguments.Length > 0)
        {
            text.Append("\n| argument | meaning | default |\n| --- | --- | --- |\n");
            foreach (var argument in arguments) Row(text, argument.Name, argument.Description, Default(argument));
        }

        if (options.Length > 0)
        {
            text.Append("\n| option | meaning | default |\n| --- | --- | --- |\n");
            foreach (var option in options) Row(text, Names(option), option.Description, Default(option));
        }

        string[] examples = ExampleHelp.Of(command);
        if (examples.Length > 0) text.Append('\n').AppendJoin("", examples.Select(example => $"    {example}\n"));
        foreach (var subcommand in command.Subcommands.Where(subcommand => !subcommand.Hidden)) Append(text, subcommand, path);
    }

    private static void Row(StringBuilder text, string name, string? meaning, string initial) => text.Append(
        CultureInfo.InvariantCulture,
        $"| {GeneratedDocument.CodeCell(name)} | {GeneratedDocument.Cell(meaning ?? "")} | {GeneratedDocument.CodeCell(initial)} |\n");

    private static string Names(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(alias => alias.Length == 2).Append(option.Name));
        return option.HelpName is null ? names : $"{names} {option.HelpName}";
    }

    private static bool IsRequired(Argument argument) => argument.Arity.MinimumNumberOfValues > 0 && !argument.HasDefaultValue;

    private static string Default(Option option) =>
        option.HasDefaultValue && option.ValueType != typeof(bool) ? Text(option.GetDefaultValue()) : "";

    private static string Default(Argument argument) => argument.HasDefaultValue ? Text(argument.GetDefaultValue()) : "";

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
