using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Shared.Specification;
using Spectre.Console;

namespace LoptCluster.Cli.Checks;

/// <summary><c>lopt config list | show | diff</c>: the presets and all their values.</summary>
internal static class ConfigCommand
{
    public static Command Create(CliEnvironment environment) =>
        new("config", "List presets, show all values of one, or compare two.") { List(environment), Show(environment), Diff(environment) };

    private static Command List(CliEnvironment environment)
    {
        var command = new Command("list", "List the presets that ship with lopt.");
        command.SetAction(_ =>
        {
            int width = PresetCatalog.Names.Max(name => name.Length);
            foreach (string name in PresetCatalog.Names)
            {
                environment.Output.WriteLine($"{name.PadRight(width)}  {PresetCatalog.Summary(name)}");
            }

            return 0;
        });
        return command;
    }

    private static Command Show(CliEnvironment environment)
    {
        var preset = new Argument<string>("preset")
        {
            Description = "Name of a preset, or the path of a .toml file.",
            DefaultValueFactory = _ => PresetCatalog.Default,
        };
        var set = CommonOptions.Set();
        var command = new Command("show", "Print every value with its unit and section in the paper, as a preset file.") { preset, set };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(preset);
            var specification = PresetCatalog.Load(name, parsed.GetValue(set) ?? []);
            environment.Output.Write(PresetFile.Write(
                specification, $"Every value of {specification.Name}. § and App. refer to Metz et al. 2019, arXiv:1810.10180."));
            return 0;
        });
        return command.WithExamples("lopt config show paper", "lopt config show quickstart > mine.toml && lopt train --preset mine.toml");
    }

    private static Command Diff(CliEnvironment environment)
    {
        var first = new Argument<string>("first") { Description = "Name of a preset, or the path of a .toml file." };
        var second = new Argument<string>("second") { Description = "The preset to compare it with, by name or path." };
        var command = new Command("diff", "List the values in which two presets differ.") { first, second };
        command.SetAction(parsed =>
        {
            string a = parsed.GetRequiredValue(first), b = parsed.GetRequiredValue(second);
            var differences = SpecificationDiff.Between(PresetCatalog.Load(a), PresetCatalog.Load(b));
            if (differences.Length == 0) environment.Output.WriteLine($"'{a}' and '{b}' have the same values.");
            else environment.Console.Write(DiffTable(a, b, differences));
            return 0;
        });
        return command.WithExamples("lopt config diff paper paper-code", "lopt config diff quickstart mine.toml");
    }

    private static Table DiffTable(string first, string second, IEnumerable<SpecificationDifference> differences)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(
            new TableColumn("key").NoWrap(), Column(first), Column(second), new TableColumn("unit"), new TableColumn("paper"));
        foreach (var difference in differences)
        {
            string[] cells = [difference.Key.Name, difference.First, difference.Second, difference.Key.Unit, difference.Key.Paper];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        return table;

        static TableColumn Column(string name) => new(Markup.Escape(Path.GetFileName(name)));
    }
}
