using System.Globalization;
using System.Net;
using LoptCluster.Shared;

namespace LoptCluster.Coordinator.Hosting;

/// <summary>ADDRESS:PORT, checked against what may be open to whom: loopback needs nothing, anything else TLS and tokens, or --insecure.</summary>
internal static class ListenAddress
{
    public static IPEndPoint Parse(CoordinatorOptions options)
    {
        if (!IPEndPoint.TryParse(options.Listen.Replace("localhost:", "127.0.0.1:", StringComparison.OrdinalIgnoreCase), out var endpoint) || !options.Listen.Contains(':'))
            throw new UserErrorException($"--listen '{options.Listen}' is no address and port; give for example 127.0.0.1:5317, 0.0.0.0:5317 or [::]:5317.");
        bool tls = options.TlsCertificateFile is not null;
        if (tls != options.TlsKeyFile is not null) throw new UserErrorException("--tls-cert and --tls-key belong together; give both or neither.");
        if (IPAddress.IsLoopback(endpoint.Address) || options.Insecure || (tls && options.Tokens.All)) return endpoint;
        throw new UserErrorException(string.Create(
            CultureInfo.InvariantCulture,
            $"--listen {options.Listen} can be reached from other machines. Give --tls-cert and --tls-key and a token for each role (LOPT_WORKER_TOKEN, LOPT_READER_TOKEN, LOPT_OPERATOR_TOKEN or the same with _FILE), or listen on 127.0.0.1, or say --insecure."));
    }
}
