using Microsoft.Extensions.Logging;

namespace LoptCluster.Hosting.Credentials;

/// <summary>Something that was read from files, and follows them when they change.</summary>
public interface IReloaded
{
    /// <summary>Looks at the files. A change that cannot be used is logged, and what was read before stays in use.</summary>
    void Refresh(ILogger log);
}
