using System.Security.Cryptography;
using LoptCluster.Shared;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Hosting.Credentials;

/// <summary>A value made from files, and made again when their content changes.</summary>
/// <remarks>
/// Content is compared, and no event of the file system is waited for: a mounted Secret changes by a symbolic link, and network file
/// systems send no events. Thread-safe.
/// </remarks>
public sealed class Reloaded<T> : IReloaded
    where T : class
{
    private readonly string _what;
    private readonly Func<string[]> _load;
    private readonly Func<string[], T> _parse;
    private readonly Lock _lock = new();
    private volatile T _current;
    private string[] _texts;
    private string _fault = "";
    private bool _isTold;

    /// <summary>Reads the value for the first time.</summary>
    /// <param name="what">What it is, for the log: "the token of --token-file 'FILE'".</param>
    /// <param name="load">Reads the texts of the files.</param>
    /// <param name="parse">Makes the value of the texts.</param>
    /// <exception cref="UserErrorException">A file cannot be read, or its content cannot be used.</exception>
    public Reloaded(string what, Func<string[]> load, Func<string[], T> parse)
    {
        (_what, _load, _parse) = (what, load, parse);
        _texts = load();
        _current = parse(_texts);
    }

    public T Current => _current;

    public void Refresh(ILogger log)
    {
        lock (_lock)
        {
            try
            {
                string[] texts = _load();
                if (!texts.SequenceEqual(_texts))
                {
                    _current = _parse(texts);
                    _texts = texts;
                    CredentialLog.Renewed(log, _what);
                }

                _fault = "";
            }
            catch (Exception e) when (e is UserErrorException or IOException or UnauthorizedAccessException or CryptographicException)
            {
                Note(e.Message, log);
            }
        }
    }

    /// <summary>Logs a fault once, at the second look: certificate and key are two files, and not replaced at one moment.</summary>
    private void Note(string fault, ILogger log)
    {
        if (fault != _fault)
        {
            (_fault, _isTold) = (fault, false);
            return;
        }

        if (!_isTold) CredentialLog.NotUsable(log, _what, fault);
        _isTold = true;
    }
}
