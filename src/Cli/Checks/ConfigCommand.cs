using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Shared.Specification;
using Spectre.Console;

namespace LoptCluster.Cli.Checks;

/// <summary><c>lopt config list | show | diff</c>: the presets and all their values.</summary>
internal static class ConfigCommand
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(CliEnvironment environment) =>
        new("config", "List presets, show all values of one, or compare two.") { List(environment), Show(environment), Diff(environment) };

    private static Command List(CliEnvironment environment)
    {
        var json = CommonOptions.Json();
        var command = new Command("list", "List the presets that ship with lopt.") { json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json))
            {
                environment.Output.WriteLine(new JsonArray([.. PresetCatalog.Names.Select(name => new JsonObject
                {
                    ["name"] = name,
                    ["purpose"] = PresetCatalog.Summary(name),
                })]).ToJsonString(Relaxed));
                return 0;
            }

            int width = PresetCatalog.Names.Max(name => name.Length);
            foreach (string name in PresetCatalog.Names)
            {
                environment.WriteText($"{name.PadRight(width)}  {PresetCatalog.Summary(name)}", width + 2);
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
            CompletionSources = { Presets },
        };
        var set = CommonOptions.Set();
        var json = new Option<bool>("--json") { Description = "Print the values alone, as JSON." };
        var command = new Command("show", "Print every value with its unit and section in the paper, as a preset file.")
        {
            preset, set, json,
        };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(preset);
            var specification = PresetCatalog.Load(name, parsed.GetValue(set) ?? []);
            if (parsed.GetValue(json))
            {
                environment.Output.WriteLine(SpecificationJson.Serialize(specification));
                return 0;
            }

            environment.Output.Write(PresetFile.Write(
                specification, $"Every value of {specification.Name}. § and App. refer to Metz et al. 2019, arXiv:1810.10180."));
            return 0;
        });
        return command.WithExamples("lopt config show paper", "lopt config show quickstart > mine.toml && lopt train --preset mine.toml");
    }

    private static Command Diff(CliEnvironment environment)
    {
        var first = new Argument<string>("first")
        {
            Description = "Name of a preset, or the path of a .toml file.",
            CompletionSources = { Presets },
        };
        var second = new Argument<string>("second")
        {
            Description = "The preset to compare it with, by name or path.",
            CompletionSources = { Presets },
        };
        var json = CommonOptions.Json();
        var command = new Command("diff", "List the values in which two presets differ.") { first, second, json };
        command.SetAction(parsed =>
        {
            string a = parsed.GetRequiredValue(first), b = parsed.GetRequiredValue(second);
            var differences = SpecificationDiff.Between(PresetCatalog.Load(a), PresetCatalog.Load(b));
            if (parsed.GetValue(json)) environment.Output.WriteLine(DiffJson(differences).ToJsonString(Relaxed));
            else if (differences.Length == 0) environment.Output.WriteLine($"'{a}' and '{b}' have the same values.");
            else environment.Console.Write(DiffTable(a, b, differences, environment.Console.Profile.Width));
            return 0;
        });
        return command.WithExamples("lopt config diff paper paper-code", "lopt config diff quickstart mine.toml");
    }

    private static IEnumerable<CompletionItem> Presets(CompletionContext context) => CommonOptions.Items(PresetCatalog.Names);

    private static JsonArray DiffJson(IEnumerable<SpecificationDifference> differences) => new([.. differences.Select(d => new JsonObject
    {
        ["key"] = d.Key.Name,
        ["first"] = d.First,
        ["second"] = d.Second,
        ["unit"] = d.Key.Unit,
        ["paper"] = d.Key.Paper,
    })]);

    private static Table DiffTable(string first, string second, IEnumerable<SpecificationDifference> differences, int width) =>
        FittedTable.Compose(
            [
                ("key", Justify.Left, 0), (Path.GetFileName(first), Justify.Left, 0), (Path.GetFileName(second), Justify.Left, 0),
                ("unit", Justify.Left, 1), ("paper", Justify.Left, 2),
            ],
            [.. differences.Select(d => (string[])[d.Key.Name, d.First, d.Second, d.Key.Unit, d.Key.Paper])],
            width);
}
