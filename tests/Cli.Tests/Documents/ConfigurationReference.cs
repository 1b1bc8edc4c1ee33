using System.Globalization;
using System.Text;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Tests.Documents;

/// <summary>Reference of all presets and keys of a specification in Markdown, composed from their own definitions.</summary>
internal static class ConfigurationReference
{
    public static string Compose()
    {
        var text = new StringBuilder("\n## Presets\n\n| preset | purpose |\n| --- | --- |\n");
        foreach (string name in PresetCatalog.Names)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| [{name}](../presets/{name}.toml) | {GeneratedDocument.Cell(PresetCatalog.Summary(name))} |\n");
        }

        text.Append("\n## Keys\n");
        var defaults = new RunSpecification();
        foreach (var section in SpecificationKeys.All.GroupBy(key => key.Section))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n### {section.Key}\n\n| key | default | unit | allowed | meaning | paper |\n| --- | --- | --- | --- | --- | --- |\n");
            foreach (var key in section)
            {
                string initial = GeneratedDocument.CodeCell(key.Toml(defaults));
                text.Append(CultureInfo.InvariantCulture, $"| `{key.Name}` | {initial} | {key.Unit} ");
                string meaning = GeneratedDocument.Cell(key.Description) + (key.IsPerProblem ? " (per problem)" : "");
                text.Append(CultureInfo.InvariantCulture, $"| {key.Allowed} | {meaning} | {key.Paper} |\n");
            }
        }

        return text.ToString();
    }
}
