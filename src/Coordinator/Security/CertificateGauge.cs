using System.Diagnostics.Metrics;
using LoptCluster.Hosting.Credentials;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Coordinator.Security;

/// <summary>Gauge of the certificate's end, so that an alert can precede it.</summary>
internal sealed class CertificateGauge
{
    public CertificateGauge(IMeterFactory factory, ServerTls tls) =>
        factory.Create(InstrumentNames.CoordinatorMeter).CreateObservableGauge(
            CoordinatorInstruments.CertificateExpiry,
            () => tls.NotAfter.ToUnixTimeSeconds(),
            "s",
            "When the coordinator's certificate, or the first of its intermediate authorities, expires, Unix time.");
}
