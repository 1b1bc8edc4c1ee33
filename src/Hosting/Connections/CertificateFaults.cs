using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace LoptCluster.Hosting.Connections;

/// <summary>What is wrong with a server's certificate, in words.</summary>
internal static class CertificateFaults
{
    private const int MostNames = 20;
    private const int LongestText = 1000;

    private const X509ChainStatusFlags Untrusted = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <param name="address">What the client called.</param>
    /// <param name="certificate">What the server has sent.</param>
    /// <param name="chain">The certificate's chain as far as it could be built.</param>
    /// <param name="errors">What the checks found.</param>
    /// <param name="authorityFile">File of the authorities that are trusted; null: the system's are.</param>
    public static string Describe(
        Uri address, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, string? authorityFile)
    {
        if (certificate is null || chain is null) return $"'{address.Authority}' sent no certificate.";
        var faults = new List<string>();
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status);
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid)) faults.Add(OfTime(address, chain));
        if ((status & Untrusted) != 0) faults.Add(OfTrust(address, chain, status, authorityFile));
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) faults.Add(OfName(address, certificate));
        if (status.HasFlag(X509ChainStatusFlags.NotValidForUsage))
            faults.Add($"The certificate of '{address.Authority}' is not meant for a server: its extended key usage lacks serverAuth.");
        if (faults.Count == 0)
        {
            string reasons = string.Join("; ", chain.ChainStatus.Select(s => s.StatusInformation.Trim().TrimEnd('.')).Distinct());
            faults.Add($"The certificate of '{address.Authority}' is not valid: {reasons}.");
        }

        return Printable(string.Join(' ', faults));
    }

    public static string Time(DateTime time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string OfTime(Uri address, X509Chain chain)
    {
        var element = chain.ChainElements.First(e => e.ChainElementStatus.Any(s => s.Status.HasFlag(X509ChainStatusFlags.NotTimeValid)));
        var (certificate, now) = (element.Certificate, DateTime.Now);
        string which = element == chain.ChainElements[0]
            ? $"The certificate of '{address.Authority}'"
            : $"The certificate of the authority '{Subject(certificate)}', which signed that of '{address.Authority}',";
        return now > certificate.NotAfter
            ? $"{which} expired on {Time(certificate.NotAfter)}; it is {Time(now)} here. Renew it."
            : $"{which} is not valid before {Time(certificate.NotBefore)}; it is {Time(now)} here. Check the clocks of both machines.";
    }

    private static string OfTrust(Uri address, X509Chain chain, X509ChainStatusFlags status, string? authorityFile)
    {
        var last = chain.ChainElements[^1].Certificate;
        bool isPartial = status.HasFlag(X509ChainStatusFlags.PartialChain);
        string signer = !isPartial && chain.ChainElements.Count == 1
            ? "itself"
            : $"'{last.GetNameInfo(X509NameType.SimpleName, forIssuer: true)}'";
        string where = authorityFile is null
            ? "which this machine does not trust. Give the file of its authority with --ca."
            : $"which is not in --ca '{authorityFile}'. Give the file of the authority that signed it.";
        string intermediate = isPartial
            ? " If that is an intermediate authority, its certificate belongs in the coordinator's --tls-cert, after the coordinator's "
                + "own."
            : "";
        return $"The certificate of '{address.Authority}' is signed by {signer}, {where}{intermediate}";
    }

    private static string OfName(Uri address, X509Certificate2 certificate)
    {
        string[] names = Names(certificate);
        string list = names.Length == 0
            ? "no name at all"
            : string.Join(", ", names.Take(MostNames).Select(n => $"'{n}'")) + (names.Length > MostNames ? ", …" : "");
        return $"The certificate of '{address.Authority}' is valid for {list}, not for '{address.DnsSafeHost}'. Call the coordinator by a "
            + "name of its certificate, or have one made with this name.";
    }

    private static string[] Names(X509Certificate2 certificate)
    {
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        string common = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return alternatives is null
            ? common.Length > 0 ? [common] : []
            : [.. alternatives.EnumerateDnsNames(), .. alternatives.EnumerateIPAddresses().Select(a => a.ToString())];
    }

    private static string Subject(X509Certificate2 certificate) => certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    /// <summary>Names are the server's to choose: no control characters of theirs reach a terminal.</summary>
    private static string Printable(string text) =>
        string.Concat(text.Take(LongestText).Select(c => char.IsControl(c) ? '?' : c)) + (text.Length > LongestText ? "…" : "");
}
