namespace LoptCluster.Hosting.Connections;

/// <summary>A server was reached, but no connection can be made with it as things are. The message says why and what to do.</summary>
public sealed class ConnectionFaultException(string message, Exception? inner = null) : HttpRequestException(message, inner)
{
    /// <summary>The fault that an exception came from; null if it came from something else.</summary>
    public static ConnectionFaultException? Within(Exception? exception)
    {
        while (exception is not null and not ConnectionFaultException) exception = exception.InnerException;
        return exception as ConnectionFaultException;
    }
}
