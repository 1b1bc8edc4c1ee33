using System.Net;
using System.Net.Sockets;
using LoptCluster.Shared;

namespace LoptCluster.Hosting.Listeners;

/// <summary>Parser of a command-line option's value ADDRESS:PORT.</summary>
public static class ListenAddress
{
    /// <summary>Value that disables a listener.</summary>
    public const string Off = "off";

    /// <summary>
    /// Parses the address and port of an option. [::] stands for all addresses, those of IPv4 among them; where the system has no IPv6,
    /// for 0.0.0.0.
    /// </summary>
    /// <exception cref="UserErrorException">The text is not an address and port.</exception>
    public static IPEndPoint Parse(string option, string text)
    {
        string address = text.Replace("localhost:", "127.0.0.1:", StringComparison.OrdinalIgnoreCase);
        if (IPEndPoint.TryParse(address, out var endpoint) && text.Contains(':'))
        {
            bool isAny = endpoint.Address.Equals(IPAddress.IPv6Any);
            return isAny && !Socket.OSSupportsIPv6 ? new IPEndPoint(IPAddress.Any, endpoint.Port) : endpoint;
        }

        throw new UserErrorException($"{option} '{text}' is not an address and port. Examples: 127.0.0.1:5317, 0.0.0.0:5317, [::]:5317.");
    }

    /// <summary>Parses an address and port; null if the text is <see cref="Off"/> or missing.</summary>
    public static IPEndPoint? ParseOptional(string option, string? text) => text is null or Off ? null : Parse(option, text);
}
