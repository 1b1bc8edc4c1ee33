using System.Diagnostics.CodeAnalysis;
using LoptCluster.Shared;

namespace LoptCluster.Hosting.Credentials;

/// <summary>Where tokens come from: a variable that contains them, or a file, which may change.</summary>
/// <remarks>Does not print itself: a record of options that holds it may be logged.</remarks>
public sealed class TokenOrigin
{
    private readonly string _name;
    private readonly string _option = "";
    private readonly string? _value;
    private readonly string? _path;
    private readonly CredentialFile? _file;

    private TokenOrigin(string name, string? value) => (_name, _value) = (name, value);

    private TokenOrigin(string option, string path, CredentialFile file) : this($"{option} '{path}'", null) =>
        (_option, _path, _file) = (option, path, file);

    /// <summary>A token in the program itself.</summary>
    [return: NotNullIfNotNull(nameof(token))]
    public static implicit operator TokenOrigin?(string? token) => token is null ? null : OfValue("The token", token);

    /// <param name="name">Variable that contains the token.</param>
    /// <param name="value">Its value.</param>
    public static TokenOrigin OfValue(string name, string value) => new(name, value);

    /// <param name="option">Option or variable that names the file.</param>
    /// <param name="path">
    /// The file, with one token a line; or a folder of such files, as a mounted Secret is. Files that begin with a dot are none.
    /// </param>
    public static TokenOrigin OfFile(string option, string path) => new(option, path, new CredentialFile(option, path));

    /// <summary>All tokens, for who accepts them: several while one is exchanged for another.</summary>
    /// <param name="convert">Makes of the tokens what is kept; refuses them with a <see cref="UserErrorException"/>.</param>
    /// <exception cref="UserErrorException">There is none, or one has a character that no token has.</exception>
    public Reloaded<T> All<T>(Func<string[], T> convert)
        where T : class => new(What, Load, texts => convert(Tokens(texts)));

    /// <summary>The only token, for who sends it.</summary>
    /// <exception cref="UserErrorException">There is none or more than one, or it has a character that no token has.</exception>
    public Reloaded<string> One() => new(What, Load, texts => Only(Tokens(texts)));

    public override string ToString() => _name;

    private string What => $"the token of {_name}";

    private string[] Load()
    {
        if (_path is null) return [_value!];
        if (!Directory.Exists(_path)) return [_file!.Read()];
        // The files of a mounted Secret are links into a folder that begins with two dots.
        var files = Directory.EnumerateFiles(_path).Where(f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal);
        return [.. files.Select(f => new CredentialFile(_option, f).Read())];
    }

    private string Only(string[] tokens) => tokens.Length == 1 ? tokens[0] : throw new UserErrorException(
        $"{_name} has {tokens.Length} lines. A client sends one token, on one line; the coordinator alone takes several, one a line, while "
            + "a token is exchanged for another.");

    private string[] Tokens(string[] texts)
    {
        string[] lines = [.. texts.SelectMany(t => t.Split('\n')).Select(l => l.Trim()).Where(l => l.Length > 0)];
        if (lines.Length == 0) throw new UserErrorException($"{_name} is empty. The file must contain the token.");
        for (int i = 0; i < lines.Length; i++)
        {
            int place = lines[i].AsSpan().IndexOfAnyExceptInRange('!', '~');
            if (place < 0) continue;
            throw new UserErrorException(
                $"{_name} has a character at place {place + 1} of line {i + 1} that no token has. A token consists of printable ASCII "
                    + "characters without spaces; 'openssl rand -hex 32' makes one.");
        }

        return lines;
    }
}
