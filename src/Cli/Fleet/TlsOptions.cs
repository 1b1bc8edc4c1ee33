using System.CommandLine;
using LoptCluster.Hosting.Connections;

namespace LoptCluster.Cli.Fleet;

/// <summary>Options of every command that connects to a coordinator: whom it trusts, and its own certificate.</summary>
internal sealed class TlsOptions
{
    private readonly Option<string?> _authority = new(ClientTlsOptions.AuthorityOption)
    {
        Description = "PEM file of the certificate authority to trust instead of the system's.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _certificate = new(ClientTlsOptions.CertificateOption)
    {
        Description = "Client certificate with its chain (PEM), for a coordinator with --client-ca.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _key = new(ClientTlsOptions.KeyOption)
    {
        Description = "Private key of the client certificate (PEM).",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Add(_authority);
        command.Add(_certificate);
        command.Add(_key);
    }

    public ClientTlsOptions Of(ParseResult parsed) => new()
    {
        AuthorityFile = parsed.GetValue(_authority),
        CertificateFile = parsed.GetValue(_certificate),
        KeyFile = parsed.GetValue(_key),
    };
}
