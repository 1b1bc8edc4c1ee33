using Xunit;

namespace LoptCluster.Cli.Tests.Documents;

/// <summary>A page of docs/ with a generated part between two marker lines.</summary>
/// <remarks>With <c>LOPT_UPDATE_DOCS=1</c> in the environment the part is written instead of compared.</remarks>
internal static class GeneratedDocument
{
    private const string Update = "LOPT_UPDATE_DOCS";
    private const string Begin = "<!-- generated part: begin -->\n";
    private const string End = "<!-- generated part: end -->\n";

    public static void AssertFresh(string page, string generated)
    {
        string path = Path.Combine(RepositoryRoot(), "docs", page);
        string text = File.ReadAllText(path);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, $"'{path}' lacks the marker lines of its generated part.");
        begin += Begin.Length;
        if (Environment.GetEnvironmentVariable(Update) == "1") File.WriteAllText(path, text[..begin] + generated + text[end..]);
        else Assert.True(text[begin..end] == generated, $"'{path}' is out of date. Run this test with {Update}=1 to update it.");
    }

    /// <summary>Text for a cell of a Markdown table.</summary>
    public static string Cell(string text) => text
        .Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "\\<", StringComparison.Ordinal)
        .ReplaceLineEndings(" ");

    /// <summary>Code for a cell of a Markdown table; "" for no code.</summary>
    public static string CodeCell(string code) => code == "" ? "" : $"`{code.Replace("|", "\\|", StringComparison.Ordinal)}`";

    public static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LoptCluster.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }
}
